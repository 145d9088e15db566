/**
 * Which package may import which: the house as drawn in docs/architecture.md.
 * Everything not listed for a folder is forbidden to it.
 */
const mayImport = {
  "packages/store": [],
  "packages/graph": [],
  "packages/agent-identity": [],
  "packages/town": ["packages/agent-identity"],
  "packages/transformer": ["packages/graph"],
  "packages/lens": ["packages/graph", "packages/transformer"],
  "packages/model-server": ["packages/training", "packages/transformer"],
  "packages/training": ["packages/graph", "packages/transformer"],
  "packages/agent": ["packages/store", "packages/agent-identity"],
  "packages/small-mind": [
    "packages/agent",
    "packages/lens",
    "packages/store",
    "packages/training",
    "packages/transformer",
  ],
  "packages/oversight": ["packages/store"],
  "packages/explain": ["packages/agent", "packages/store"],
  "packages/exposure": ["packages/agent", "packages/oversight", "packages/store"],
  "apps/server": ["packages/"],
  "apps/web": ["apps/server"],
  "apps/cli": ["packages/", "apps/server"],
  bench: ["packages/", "apps/"],
};

const arrows = Object.entries(mayImport).map(([from, allowed]) => ({
  name: `arrows-${from.replace("/", "-")}`,
  comment: `${from} may import only ${allowed.join(", ") || "nothing of ours"}`,
  severity: "error",
  from: { path: `^${from}/` },
  to: { path: "^(packages|apps|bench)/", pathNot: [`^${from}/`, ...allowed.map((folder) => `^${folder}`)] },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-rooms-without-a-name",
      severity: "error",
      from: {},
      to: { path: "/(utils?|helpers?|common|misc)(\\.ts|/)", pathNot: "node_modules" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^apps/web/dist" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
};
