/** `candor rate`: a model answers, and people say good or bad: here at the terminal, or a whole team on the pages. */
import type { QueueView } from "@candor/server";
import { isCancel, note, select } from "@clack/prompts";
import type { Command } from "commander";
import type { Api } from "../client/api.ts";
import { answer, api, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { candor } from "../screen/command.ts";
import { bold, dim, plural, print } from "../screen/style.ts";
import { interruptible } from "./train/settings.ts";

interface RateFlags extends Global {
  prompts?: string;
  count: number;
  answers: number;
  tokens: number;
  seed: number;
  putUp?: boolean;
}

export function rateCommand(program: Command): void {
  program
    .command("rate <dir>")
    .description("let a model answer, and say good or bad of each answer; raters with a token do it on the pages")
    .option("--prompts <file>", "what it is asked (JSON lines with a prompt); the small internet's questions otherwise")
    .option("--count <n>", "prompts that are asked", integer("--count", 1), 20)
    .option("--answers <n>", "answers to each", integer("--answers", 1), 1)
    .option("--tokens <n>", "longest answer", integer("--tokens", 1), 60)
    .option("--seed <n>", "of the draws: another one, other answers", integer("--seed", 0), 1)
    .option("--put-up", "put the answers up for the raters and leave")
    .action(async (folder: string, _, command: Command) => {
      const flags = command.optsWithGlobals<RateFlags>();
      const subjects = await interruptible(() => answersOf(folder, flags));
      const client = await api();
      const { added } = await client.judgments.ask({ subjects });
      const here = !flags.putUp && !flags.json && process.stdin.isTTY === true;
      if (!here) {
        answer(flags, { answers: subjects.length, added }, () => tellPutUp(added));
        return;
      }
      await rateHere(client);
      await tellAgreement(client);
      print(`learn from it: ${bold(candor(`train --from-judgments --model ${folder}`))}`);
    });
}

async function answersOf(folder: string, { prompts: file, count, answers, tokens, seed }: RateFlags) {
  const { openModel, prompts, readPrompts, splitConcepts, hash32 } = await import("@candor/training");
  const { Rollouts } = await import("@candor/transformer");
  const model = await openModel(folder);
  const asked = (file ? readPrompts(file) : prompts(splitConcepts(1).taught, { seed }).map(({ text }) => text)).slice(
    0,
    count,
  );
  const each = asked.flatMap((text) => Array<string>(answers).fill(text));
  const encoded = each.map((text) => model.tokenizer.encode(text, { added: "text" }));
  const { decoder } = model.config;
  await using rollouts = await Rollouts.create(decoder, { rows: Math.min(64, each.length) });
  await rollouts.setWeights(model.weights);
  const written = await rollouts.write(encoded, { maxTokens: tokens, seed: hash32(seed, 0x4a7e), end: model.end });
  return written.flatMap(({ tokens: said, ended }, n) => {
    const completion = model.tokenizer.decode(ended ? said.slice(0, -1) : said);
    return completion.trim() === "" ? [] : [{ kind: "text" as const, prompt: each[n] ?? "", completion }];
  });
}

function tellPutUp(added: number): void {
  print(`${plural(added, "answer")} put up to be judged.`);
  print(
    `Judge them on the page Judgments: ${bold(candor("open"))}; ${candor("raters add NAME")} lets others judge with you.`,
  );
}

/** Until the queue is empty, or the person leaves. */
async function rateHere(client: Api): Promise<void> {
  const passed = new Set<string>();
  for (;;) {
    const queue = await client.judgments.queue({ limit: 50 });
    const next = queue.items.find((item) => item.subject?.kind === "text" && !passed.has(item.item));
    if (!next) return print(queue.items.length === 0 ? "Nothing waits any more." : "No more answers.");
    const verdict = await verdictOn(next, queue);
    if (verdict === undefined) return;
    if (verdict === "skip") passed.add(next.item);
    else await client.judgments.judge({ item: next.item, verdict });
  }
}

async function verdictOn(
  { sides }: QueueView["items"][number],
  { progress }: QueueView,
): Promise<"good" | "bad" | "skip" | undefined> {
  const [side] = sides;
  const asked = side?.prompt.map(({ content }) => content).join("\n") ?? "";
  note(`${dim(asked)}\n${side?.completion.trim() ?? ""}`, `${progress.judged} judged, ${progress.open} to go`);
  const said = await select({
    message: "Is this a good answer?",
    options: [
      { value: "good" as const, label: "Good" },
      { value: "bad" as const, label: "Bad" },
      { value: "skip" as const, label: "Pass over" },
      { value: "leave" as const, label: "Leave; what was said is kept" },
    ],
  });
  return isCancel(said) || said === "leave" ? undefined : said;
}

async function tellAgreement(client: Api): Promise<void> {
  const { rated } = await client.judgments.agreement({ seed: 1 });
  const { value } = rated.alpha;
  print(
    `${plural(rated.items, "answer")} judged, ${rated.shared} by two or more` +
      (value === null ? "" : `; Krippendorff's alpha ${value.toFixed(2)}`),
  );
}
