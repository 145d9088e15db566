/** Every command line in the README files and in docs/ is one that the program takes. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "./program.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const files = ["*.md", "docs/*.md", "{apps,packages}/*/README.md", "bench/README.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .sort();

interface CommandLine {
  file: string;
  line: string;
}

/** Lines of shell blocks and code spans that call Candor, without their comments. */
function commandLines(file: string): CommandLine[] {
  const text = readFileSync(join(root, file), "utf8");
  const blocks = [...text.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.split("\n"),
  );
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return [...blocks, ...spans]
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => /^(?:[A-Z_]+=\S+ )*(?:npx )?candor |^npm start --|^npm run candor --/.test(line))
    .map((line) => ({ file, line }));
}

/** What comes after `candor`, as the shell would split it; cut at a pipe or redirection. */
function words(line: string): string[] {
  const call = line
    .replace(/^(?:[A-Z_]+=\S+ )*(?:npx )?candor |^npm run candor -- /, "")
    .replace(/^npm start -- /, "audit ");
  const plain = call.replace(/\s(?:\||>|<|&&).*$/, "");
  return [...plain.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

/** The program with nothing behind its commands. */
function withoutActions(command: Command): Command {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  command.commands.forEach(withoutActions);
  return command;
}

const lines = files.flatMap(commandLines);

test("the documents show commands", () => {
  expect(new Set(lines.map(({ file }) => file))).toContain("README.md");
  expect(lines.length).toBeGreaterThan(40);
});

test.each(lines)("$file: $line", async ({ line }) => {
  const given = words(line);
  const program = withoutActions(await createProgram(given[0]));
  if (
    given.every((word) => !word.startsWith("-")) &&
    program.commands.some((c) => c.name() === given[0] && given.length === 1)
  ) {
    // A command named on its own, as prose does.
    return;
  }
  await expect(program.parseAsync(given, { from: "user" }).catch(exitedWell)).resolves.toBeDefined();
});

/** `--help` and `--version` leave by an error of their own. */
function exitedWell(error: unknown): unknown {
  if (error instanceof Error && "exitCode" in error && error.exitCode === 0) return error;
  throw error;
}

describe("links between documents lead somewhere", () => {
  const links = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/(?:\]\(|src="|href="|srcset=")([^)"#\s]+)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ file, target })),
  );
  test.each(links)("$file: $target", ({ file, target }) => {
    const path = resolve(root, dirname(file), target);
    expect(existsSync(path), `${relative(root, path)} is missing`).toBe(true);
  });
});
