/** `candor town`: serve, write out, or look up the truth of a simulated town. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { badInput } from "@candor/server/outside";
import { generateTown, loadSpec, serveTown, type Town, truthTable } from "@candor/town";
import type { Command } from "commander";
import { answer, type Global, home } from "../context.ts";
import { integer } from "../options.ts";
import { bold, cut, dim, plural, print, width } from "../screen/style.ts";

interface TownOptions extends Global {
  seed: number;
  spec?: string;
}

const load = (options: TownOptions): Promise<Town> | Town =>
  options.spec ? loadSpec(options.spec) : generateTown(options.seed);

export function townCommand(program: Command): void {
  const town = program.command("town").description("the simulated web: serve it, write it out, see its truth");
  const add = (name: string, description: string) =>
    town
      .command(name)
      .description(description)
      .option("--seed <n>", "which town", integer("the town seed", 0), 7)
      .option("--spec <file>", "a town of your own");

  add("serve", "serve a town until Ctrl-C, for browsers and for other tools")
    .option("--port <n>", "loopback port", integer("the port", 0), 4680)
    .option("--peaceful", "without its hostile pages")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<TownOptions & { port: number; peaceful?: boolean }>();
      const built = await load(options);
      const server = await serveTown(built, {
        port: options.port,
        inbox: join(home(), "town", "served-inbox.jsonl"),
        ...(options.peaceful && { peaceful: true }),
      });
      answer(options, { port: server.port, hosts: server.hosts }, () => {
        print(
          `${bold(built.persona.name)}'s town: ${plural(built.pages.length, "page")} on ${plural(built.hosts.length, "host")}`,
        );
        print(
          `Browse it at ${bold(`http://127.0.0.1:${server.port}/`)}, or use that address as an HTTP proxy. Ctrl-C ends it.`,
        );
      });
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      });
      await server.close();
    });

  add("generate", "write a town's pages and truth into a folder")
    .requiredOption("--out <folder>", "an empty or new folder")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<TownOptions & { out: string }>();
      const built = await load(options);
      for (const page of built.pages) {
        const file = join(options.out, page.host, fileName(page.path, page.contentType));
        if (!file.startsWith(join(options.out, page.host)))
          throw badInput(`the town has a page outside its host: ${page.path}`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, page.body);
      }
      const { pages: _pages, hosts, ...truth } = built;
      const described = { ...truth, hosts: hosts.map(({ name, kind, robots }) => ({ name, kind, robots })) };
      writeFileSync(join(options.out, "truth.json"), JSON.stringify(described, null, 2));
      answer(options, { folder: options.out, pages: built.pages.length }, () =>
        print(`Wrote ${plural(built.pages.length, "page")} to ${options.out}.`),
      );
    });

  add("truth", "what the town really shows about its persona")
    .option("--all", "about everybody")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<TownOptions & { all?: boolean }>();
      const rows = truthTable(await load(options)).filter((row) => options.all || row.owner === "operator");
      answer(options, rows, () => {
        for (const row of rows) {
          const place = row.reachable ? "" : dim(" out of reach");
          print(
            `${bold(row.kind.padEnd(11))} ${cut(row.value, 40).padEnd(40)} ${dim(`tier ${row.tier}`)}${place} ${dim(cut(row.urls.join(" "), width() - 66))}`,
          );
        }
      });
    });
}

/** A path as a file name that no path can leave its folder with. */
function fileName(path: string, contentType: string): string {
  const plain = path
    .replace(/^\/+/, "")
    .replace(/\.\.+/g, ".")
    .replace(/[^\w./-]/g, "_");
  if (plain === "" || plain.endsWith("/")) return `${plain}index.html`;
  return /\.[a-z0-9]{2,5}$/i.test(plain) ? plain : `${plain}${contentType.includes("html") ? ".html" : ""}`;
}
