/** Judging from the terminal: one word on a step, the queue, agreement, export, import, and who the raters are. */
import { readFileSync, writeFileSync } from "node:fs";
import { ExportFormat, readLines, type Subject, Verdict } from "@candor/oversight";
import type { AgreementView, JudgedItem, QueueView } from "@candor/server";
import { badInput } from "@candor/server/outside";
import { type Command, Option } from "commander";
import type { Api } from "../client/api.ts";
import { answer, api, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { candor } from "../screen/command.ts";
import { bold, cut, dim, green, plural, print, red, width, yellow } from "../screen/style.ts";

/** Lines that are sent at once; a longer file goes in parts. */
const PART_CHARACTERS = 3_000_000;

export function judgmentsCommands(program: Command): void {
  judgeCommand(program);
  const judgments = program.command("judgments").description("what raters said of steps, answers and findings");
  judgments
    .command("list")
    .description("judged items, and what each rater said")
    .option("--run <run>", "of one run")
    .option("--disputed", "only where raters disagree")
    .action(async (_, command: Command) => {
      const { run, disputed, ...options } = command.optsWithGlobals<Global & { run?: string; disputed?: boolean }>();
      const items = await (await api()).judgments.items({ ...(run && { run }), ...(disputed && { disputed: "1" }) });
      answer(options, items, () => {
        if (items.length === 0) print(disputed ? "Nobody disagrees." : "Nothing was judged yet.");
        for (const item of items) print(itemLine(item));
      });
    });
  judgments
    .command("queue")
    .description("what waits to be judged, those with the fewest ratings first")
    .option("--limit <n>", "how many", integer("the limit", 1), 10)
    .option("--run <run>", "all steps, the answer and the findings of one run")
    .action(async (_, command: Command) => {
      const { limit, run, ...options } = command.optsWithGlobals<Global & { limit: number; run?: string }>();
      const queue = await (await api()).judgments.queue({ limit, ...(run && { run }) });
      answer(options, queue, () => showQueue(queue));
    });
  judgments
    .command("ask <runs...>")
    .description("put steps, answers or findings up for the raters")
    .option("--what <kinds>", "steps, answer, findings, with commas between", "steps,answer")
    .action(async (runs: string[], _, command: Command) => {
      const { what, ...options } = command.optsWithGlobals<Global & { what: string }>();
      const kinds = what.split(",").map((kind) => {
        if (kind === "steps" || kind === "answer" || kind === "findings") return kind;
        throw badInput(`${kind} cannot be put up`, "steps, answer and findings can.");
      });
      const added = await (await api()).judgments.ask({ runs, what: kinds });
      answer(options, added, () => print(`${plural(added.added, "item")} put up.`));
    });
  judgments
    .command("agreement")
    .description("how far raters agree, and how each does on items with a known answer")
    .option("--run <run>", "on one run only")
    .option("--seed <n>", "of the draws that give the interval", integer("the seed", 0), 1)
    .action(async (_, command: Command) => {
      const { run, seed, ...options } = command.optsWithGlobals<Global & { run?: string; seed: number }>();
      const report = await (await api()).judgments.agreement({ seed, ...(run && { run }) });
      answer(options, report, () => showAgreement(report));
    });
  exportCommand(judgments);
  judgments
    .command("import <file>")
    .description("bring in lines of JSON: TRL's formats, or Candor's own")
    .option("--rater <name>", "whose they are, where a line does not say", "import")
    .option("--discipline <words>", "what they were judged for, where a line does not say")
    .action(async (file: string, _, command: Command) => {
      const { rater, discipline, ...options } = command.optsWithGlobals<
        Global & { rater: string; discipline?: string }
      >();
      const sum = await importFile(await api(), file, { rater, ...(discipline && { discipline }) });
      answer(options, sum, () => print(`${sum.added} kept, ${sum.already} known already.`));
    });
  ratersCommand(program);
}

function judgeCommand(program: Command): void {
  program
    .command("judge <run> <what> <verdict>")
    .description("good or bad of a step (its number), the answer, or a finding (its id); or withdraw")
    .option("--reason <text>", "why")
    .option("--discipline <words>", "what it was judged for: safety, honesty ...")
    .option("--against <run:what>", "the other of two: a is <run>'s, b is this one")
    .addOption(new Option("--gold", "this is the known answer, to score raters by").conflicts("settle"))
    .option("--settle", "this settles what raters disagree about")
    .action(async (run: string, what: string, said: string, _, command: Command) => {
      const { reason, discipline, against, gold, settle, ...options } = command.optsWithGlobals<
        Global & { reason?: string; discipline?: string; against?: string; gold?: boolean; settle?: boolean }
      >();
      const subject = subjectOf(run, what, against);
      const { judgments } = await api();
      if (said === "withdraw") {
        if (gold || settle) await judgments.settle(gold ? "gold" : "adjudicate", { subject, verdict: null });
        else await judgments.withdraw({ subject });
        answer(options, {}, () => print("Taken back."));
        return;
      }
      const verdict = Verdict.safeParse(said).data;
      if (!verdict) throw badInput(`${said} is no verdict`, "good or bad; a or b with --against; or withdraw.");
      const kept =
        gold || settle
          ? await judgments.settle(gold ? "gold" : "adjudicate", { subject, verdict, ...(reason && { reason }) })
          : await judgments.judge({ subject, verdict, ...(reason && { reason }), ...(discipline && { discipline }) });
      answer(options, kept, () => print(green("Kept.")));
    });
}

function subjectOf(run: string, what: string, against: string | undefined): Subject {
  const one = (of: string, thing: string) => {
    if (thing === "answer") return { kind: "answer" as const, run: of };
    if (/^\d+$/.test(thing)) return { kind: "step" as const, run: of, step: integer("the step", 1)(thing) };
    return { kind: "finding" as const, run: of, finding: thing };
  };
  if (against === undefined) return one(run, what);
  const colon = against.indexOf(":");
  const other = colon < 0 ? one(against, what) : one(against.slice(0, colon), against.slice(colon + 1));
  return { kind: "pair", a: one(run, what), b: other };
}

function exportCommand(judgments: Command): void {
  judgments
    .command("export")
    .description("what raters hold, as lines of JSON for TRL or for another Candor")
    .addOption(
      new Option("--format <format>", "preference, unpaired, prompt-only or candor")
        .choices(ExportFormat.options)
        .default("unpaired"),
    )
    .addOption(
      new Option("--style <style>", "of the texts").choices(["standard", "conversational"]).default("conversational"),
    )
    .option("--min-raters <n>", "leave out what fewer have judged", integer("the number of raters", 1), 1)
    .option("--discipline <words>", "only what was judged for this")
    .option("--run <run>", "of one run")
    .addOption(new Option("--mind <mind>", "steps in the small mind's words").choices(["small"]))
    .option("--out <file>", "write there instead of printing")
    .action(async (_, command: Command) => {
      const { out, format, style, minRaters, discipline, run, mind, ...options } = command.optsWithGlobals<
        Global & {
          out?: string;
          format: ExportFormat;
          style: "standard" | "conversational";
          minRaters: number;
          discipline?: string;
          run?: string;
          mind?: "small";
        }
      >();
      const { lines, leftOut } = await (await api()).judgments.export({
        format,
        style,
        minRaters,
        ...(discipline && { discipline }),
        ...(run && { run }),
        ...(mind && { mind }),
      });
      const text = lines.map((line) => `${line}\n`).join("");
      if (out) writeFileSync(out, text, { mode: 0o600 });
      if (options.json) answer(options, { lines: lines.length, leftOut, ...(out ? { out } : { text }) }, () => {});
      else if (out) print(`${plural(lines.length, "line")} in ${out}`);
      else process.stdout.write(text);
      for (const [why, n] of Object.entries(leftOut)) process.stderr.write(`left out ${plural(n, "item")}: ${why}\n`);
    });
}

async function importFile(client: Api, file: string, more: { rater: string; discipline?: string }) {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch {
    throw badInput(`no file ${file} that can be read`);
  }
  // All of it is read before any of it is sent.
  readLines(text);
  const sum = { added: 0, already: 0 };
  for (const part of parts(text)) {
    const { added, already } = await client.judgments.import({ ...more, ...part });
    sum.added += added;
    sum.already += already;
  }
  return sum;
}

function* parts(text: string): Generator<{ text: string; firstLine: number }> {
  let part: string[] = [];
  let length = 0;
  let firstLine = 1;
  for (const [i, line] of text.split("\n").entries()) {
    if (length + line.length > PART_CHARACTERS && part.length > 0) {
      yield { text: part.join("\n"), firstLine };
      part = [];
      length = 0;
      firstLine = i + 1;
    }
    part.push(line);
    length += line.length + 1;
  }
  yield { text: part.join("\n"), firstLine };
}

function ratersCommand(program: Command): void {
  const raters = program.command("raters").description("who may judge besides you");
  raters
    .command("list", { isDefault: true })
    .description("raters, and how much each has judged")
    .action(async (_, command: Command) => {
      const list = await (await api()).raters.list();
      answer(command.optsWithGlobals<Global>(), list, () => {
        if (list.length === 0) print(`You are the only one. ${bold(candor("raters add NAME"))} adds another.`);
        for (const { name, revoked, judged } of list)
          print(`${bold(name.padEnd(24))} ${plural(judged, "item")}${revoked ? red("  revoked") : ""}`);
      });
    });
  raters
    .command("add <name>")
    .description("make a token for a rater; it opens judging and nothing else")
    .action(async (name: string, _, command: Command) => {
      const added = await (await api()).raters.add(name);
      answer(command.optsWithGlobals<Global>(), added, () =>
        print(`${bold(added.token)}\nGive it to ${name}: it is not shown again, and only its digest is kept.`),
      );
    });
  raters
    .command("revoke <name>")
    .description("take a rater's token away; what they said stays")
    .action(async (name: string, _, command: Command) => {
      await (await api()).raters.revoke(name);
      answer(command.optsWithGlobals<Global>(), {}, () => print(`${name} can judge no more.`));
    });
}

function showQueue({ items, progress }: QueueView): void {
  const { judged, open } = progress;
  print(`${judged} judged, ${open} to go.`);
  for (const { subject, sides } of items) {
    const [first] = sides;
    const what = subject ? nameOf(subject) : "";
    print(`\n${bold(what)}  ${dim(cut(first?.goal ?? "", width() - what.length - 4))}`);
    for (const { completion } of sides) print(`  ${cut(completion, width() - 2)}`);
    if (subject && subject.kind !== "pair" && subject.kind !== "text") print(dim(`  ${candor(`judge ${what} good`)}`));
  }
}

function nameOf(subject: Subject): string {
  switch (subject.kind) {
    case "step":
      return `${subject.run} ${subject.step}`;
    case "answer":
      return `${subject.run} answer`;
    case "finding":
      return `${subject.run} ${subject.finding}`;
    case "text":
      return "imported";
    case "pair":
      return `${nameOf(subject.a)} / ${nameOf(subject.b)}`;
  }
}

function itemLine({ subject, judgments, consensus, gold, disputed }: JudgedItem): string {
  const colour = consensus?.verdict === "bad" ? red : consensus ? green : yellow;
  const held = consensus ? `${consensus.verdict} (${consensus.from})` : "open";
  const said = judgments.map(({ rater, verdict, reason }) => `${rater} ${verdict}${reason && `: ${cut(reason, 60)}`}`);
  return `${bold(nameOf(subject))}  ${colour(held)}${gold ? dim("  gold") : ""}${disputed ? yellow("  disputed") : ""}  ${dim(said.join("; "))}`;
}

function showAgreement({ rated, compared, gold }: AgreementView): void {
  for (const [title, task] of [
    ["Good or bad", rated],
    ["The better of two", compared],
  ] as const) {
    if (task.items === 0) continue;
    print(`${bold(title)}: ${plural(task.items, "item")}, ${task.shared} judged by two or more.`);
    const { interval } = task;
    const range = interval ? dim(`  95 %: ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`) : "";
    print(`  agreement              ${figure(task.percent)}`);
    print(`  Krippendorff's alpha   ${figure(task.alpha)}${range}`);
    print(
      `  Fleiss' kappa          ${figure(task.fleiss)}${dim(`  ${plural(task.fleiss.items, "item")} by ${task.fleiss.ratings}`)}`,
    );
    for (const pair of task.cohen)
      print(
        `  Cohen's kappa          ${figure(pair)}${dim(`  ${pair.raters.join(" and ")}, ${plural(pair.items, "item")}`)}`,
      );
    for (const { discipline, alpha, shared } of task.byDiscipline)
      print(`  ${discipline.padEnd(22)} ${figure(alpha)}${dim(`  alpha of ${plural(shared, "item")}`)}`);
  }
  if (rated.items + compared.items === 0) print("Nothing was judged yet.");
  for (const { rater, items, right } of gold) print(`${bold(rater)}: ${right} of ${items} known answers right.`);
}

const figure = (given: { value: number | null; why?: string }): string =>
  given.value === null ? dim(`none: ${given.why ?? ""}`) : given.value.toFixed(3);
