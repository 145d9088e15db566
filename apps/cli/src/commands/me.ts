/** `candor me`: who you are, which the agent may partly use and partly never sees. */
import { readFileSync } from "node:fs";
import { createMe, type Me, type MeView } from "@candor/server";
import { badInput, loadConfig } from "@candor/server/outside";
import { cancel, confirm, intro, isCancel, note, outro, text } from "@clack/prompts";
import type { Command } from "commander";
import { answer, type Global, home } from "../context.ts";
import { integer } from "../options.ts";
import { candor } from "../screen/command.ts";
import { bold, dim, green, print, yellow } from "../screen/style.ts";

export function meCommand(program: Command): void {
  const me = program
    .command("me")
    .description("your identity: set it up, verify it, prove your pages, delete it")
    .action((_, command: Command) => {
      const view = own().show();
      answer(command.optsWithGlobals<Global>(), view, () =>
        view
          ? show(view)
          : print(`No identity is set up. ${bold(candor("me set"))} does it; nothing leaves this machine.`),
      );
    });

  me.command("set")
    .description("set it up, by questions or from a JSON file")
    .option("--file <file>", "JSON with seeds and sealed, - for standard input")
    .option("--country <code>", "country of phone numbers without +, e.g. GB")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Global & { file?: string; country?: string }>();
      const input = options.file ? readJson(options.file) : await askIdentity();
      if (!input) return;
      const view = own().set(input, options.country);
      answer(options, view, () => {
        show(view);
        print(
          `\nNext: put ${bold(`candor-proof=${view.token}`)} on one of your pages, then ${bold(candor("me prove"))}.`,
        );
      });
    });

  me.command("verify <kind> [n]")
    .description("verify phone 1, e-mail 2, ... by a one-time code")
    .option("--code <digits>", "the code that came")
    .action(async (kind: string, n: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Global & { code?: string }>();
      if (kind !== "phone" && kind !== "e-mail")
        throw badInput(`"${kind}" cannot be verified`, "Give phone or e-mail.");
      const index = integer("the number", 1)(n ?? "1") - 1;
      if (options.code) {
        const label = own().confirm(options.code);
        answer(options, { verified: label }, () => print(green(`${label} is verified.`)));
        return;
      }
      const { via } = await own().sendCode(kind, index);
      if (!process.stdin.isTTY || options.json) {
        answer(options, { sent: via }, () =>
          print(
            `A code was sent through ${via}. ${candor(`me verify ${kind} ${index + 1} --code DIGITS`)} confirms it.`,
          ),
        );
        return;
      }
      const code = await text({ message: `The code that ${via} sent` });
      if (isCancel(code)) return cancel("Not verified.");
      print(green(`${own().confirm(code)} is verified.`));
    });

  me.command("prove [sites...]")
    .description("prove that pages are yours: a token, a DNS record, or links both ways")
    .action(async (sites: string[], _, command: Command) => {
      const results = await own().prove(sites.length > 0 ? sites : undefined);
      answer(command.optsWithGlobals<Global>(), results, () => {
        for (const { site, proven, how } of results) print(`${proven ? green("✓") : yellow("✗")} ${site}  ${dim(how)}`);
        if (results.length === 0) print(`You named no page of your own yet: ${candor("me set")}`);
      });
      if (!results.some((r) => r.proven)) process.exitCode = 1;
    });

  me.command("delete")
    .description("delete your identity and its key from this machine")
    .option("--yes", "without asking")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Global & { yes?: boolean }>();
      if (!options.yes) {
        if (!process.stdin.isTTY) throw badInput("deleting asks first", "Give --yes to delete without a question.");
        const sure = await confirm({ message: "Delete your identity? Sealed values cannot be read again." });
        if (isCancel(sure) || !sure) return;
      }
      own().delete();
      answer(options, { deleted: true }, () => print("Deleted."));
    });
}

const own = (): Me => createMe(home(), loadConfig(home()));

function show(view: MeView): void {
  const line = (name: string, value: string) => print(`${bold(name.padEnd(12))} ${value || dim("none")}`);
  line("Names", view.names.join(", "));
  line("Usernames", view.usernames.join(", "));
  line("City", view.city ?? "");
  line("Employer", view.employer ?? "");
  line("Sites", view.sites.join(", "));
  line(
    "Sealed",
    view.sealed
      .map(({ label, verified }) =>
        verified === null ? label : `${label} ${verified ? green("verified") : yellow("not verified")}`,
      )
      .join(", "),
  );
  line(
    "Proven",
    view.proofs.map(({ site, how, current }) => `${site} (${current ? how : yellow("expired")})`).join(", "),
  );
  line("Token", `candor-proof=${view.token}`);
}

function readJson(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch {
    throw badInput(`there is no file ${file}`);
  }
  try {
    return JSON.parse(content);
  } catch {
    throw badInput(
      `${file} is not JSON`,
      'It looks like {"seeds": {"names": ["Ada Marlow"]}, "sealed": {"phones": ["+44 ..."]}}.',
    );
  }
}

/** Undefined when the person left. */
async function askIdentity(): Promise<unknown> {
  if (!process.stdin.isTTY) throw badInput("there is nobody to ask at this terminal", "Give --file identity.json.");
  intro("Who you are");
  note(
    "The first answers are what the agent may use to look for you.\nThe last four are sealed: encrypted here, never shown to the agent, only compared.",
  );
  const questions: [string, string, boolean][] = [
    ["names", "Your name, and other forms of it (separate by ;)", true],
    ["usernames", "Usernames you use", true],
    ["city", "City", false],
    ["employer", "Employer", false],
    ["sites", "Addresses of your own pages", true],
    ["phones", "Sealed: phone numbers", true],
    ["emails", "Sealed: e-mail addresses", true],
    ["addresses", "Sealed: street address with postcode and place", true],
    ["birthDates", "Sealed: date of birth (YYYY-MM-DD)", true],
  ];
  const given: Record<string, string[] | string | undefined> = {};
  for (const [key, message, many] of questions) {
    const said = await text({ message, placeholder: "Enter to leave out", defaultValue: "" });
    if (isCancel(said)) {
      cancel("Nothing was saved.");
      return undefined;
    }
    const parts = said
      .split(";")
      .map((part) => part.trim())
      .filter(Boolean);
    given[key] = many ? parts : parts[0];
  }
  outro("Thank you.");
  const { phones, emails, addresses, birthDates, ...seeds } = given;
  const known = Object.fromEntries(Object.entries(seeds).filter(([, value]) => value !== undefined));
  return { seeds: known, sealed: { phones, emails, addresses, birthDates } };
}
