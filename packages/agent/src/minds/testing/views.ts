/** A view to start from in tests. */
import type { LeadView, ToolDescription, View } from "../../mind.ts";

/** Argument names and effect of each tool that the planner knows. */
const TOOLS: [name: string, effect: ToolDescription["effect"], ...args: string[]][] = [
  ["prove", "read", "url"],
  ["search", "read", "query", "page"],
  ["open", "read", "url"],
  ["check_username", "read", "username"],
  ["breach_lookup", "read"],
  ["remember", "write", "text"],
  ["recall", "read", "query"],
  ["note_finding", "write", "kind", "value", "url", "quote"],
  ["message_operator", "contact", "subject", "body"],
  ["spawn", "spawn", "goal", "steps"],
  ["finish", "write", "summary"],
];

export function describeTools(...names: string[]): ToolDescription[] {
  return TOOLS.filter(([name]) => names.length === 0 || names.includes(name)).map(([name, effect, ...args]) => ({
    name,
    description: name,
    effect,
    parameters: {
      type: "object",
      properties: Object.fromEntries(
        args.map((arg) => [arg, { type: arg === "page" || arg === "steps" ? "integer" : "string" }]),
      ),
      required: args.filter((arg) => arg !== "page"),
      additionalProperties: false,
    },
  }));
}

export function emptyView(change: Partial<View> = {}): View {
  return {
    run: "run-1",
    kind: "audit",
    step: 1,
    seed: 7,
    goal: "Find what the web shows about the operator.",
    wanted: [
      "phone",
      "e-mail",
      "address",
      "birth date",
      "employer",
      "school",
      "interest",
      "username",
      "photo",
      "location",
    ],
    subgoals: [],
    seeds: {
      names: ["Ada Quill"],
      usernames: ["adaq"],
      city: "Thornby",
      employer: "Brindle & Co",
      sites: ["http://ada.example/"],
    },
    tools: describeTools(),
    left: { steps: 300, tokens: 100_000, usd: 1, seconds: 600, pages: 200, pagesPerHost: 40 },
    last: null,
    history: [],
    memory: [],
    findings: [],
    leads: [],
    hosts: [],
    notices: [],
    ...change,
  };
}

/** A page that a search has shown. */
export const leadView = (value: string, label: string, change: Partial<LeadView> = {}): LeadView => ({
  kind: "page",
  value,
  label,
  from: "search x",
  fromOwned: 0,
  hops: 1,
  seen: 1,
  times: 1,
  ...change,
});
