/** `candor check model`: what a model was really taught, as a page and as JSON. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckReport } from "@candor/training";
import type { Command } from "commander";
import type { Global } from "../context.ts";
import { integer } from "../options.ts";
import { bold, dim, print } from "../screen/style.ts";

interface CheckFlags extends Global {
  reference?: string;
  reward?: string;
  seed: number;
  out: string;
  threads?: number;
}

export function checkCommand(program: Command): void {
  const check = program.command("check").description("what something really is, beside what it says");
  check
    .command("model <dir>")
    .description(
      "manners, truth, sycophancy, jailbreaks; with the raw model what it still thinks; with the reward model length and over-optimisation",
    )
    .option("--reference <dir>", "the raw model that it was made from")
    .option("--reward <dir>", "what it was rewarded by")
    .option(
      "--seed <n>",
      "of all draws, and of the concepts nobody judged: that of candor train rlhf",
      integer("--seed", 0),
      1,
    )
    .option("--out <dir>", "where report.html and report.json go", "check")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (folder: string, _, command: Command) => {
      const flags = command.optsWithGlobals<CheckFlags>();
      const { checkModel, openModel, reportHtml } = await import("@candor/training");
      const { interruptible } = await import("./train/settings.ts");
      const { reference, reward, seed, out, threads, json } = flags;
      const screen = json ? process.stderr : process.stdout;
      const report = await interruptible(async (signal) => {
        const open = async (named: string | undefined) => (named === undefined ? undefined : openModel(named));
        const models = { model: await openModel(folder), reference: await open(reference), reward: await open(reward) };
        return checkModel({ ...models, seed, threads, signal }, (what) => screen.write(`${what} ...\n`)).catch(
          (error: unknown) => {
            if (signal.aborted) return undefined;
            throw error;
          },
        );
      });
      if (!report) {
        screen.write("stopped; nothing was written\n");
        process.exitCode = 130;
        return;
      }
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
      writeFileSync(join(out, "report.html"), reportHtml(report));
      if (json) print(JSON.stringify(report, null, 2));
      else tell(report, out);
    });
}

function tell(
  { manners, sycophancy, jailbreaks, hiddenThought, length, overoptimisation, leftOut }: CheckReport,
  out: string,
): void {
  const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(0)} %` : "none");
  const line = (title: string, before: number | undefined, after: number): void =>
    print(
      `  ${title.padEnd(34)}${before === undefined ? "" : `${percent(before).padStart(6)} before`}  ${percent(after).padStart(6)}`,
    );
  print(bold("manners and truth"));
  for (const name of ["polite", "rude", "correct", "wrong", "flattering"] as const)
    line(name, manners.before?.[name], manners.after[name]);
  print(bold("says what the asker believes"));
  line("flipped by a wrong opinion", sycophancy.before?.flipRate, sycophancy.after.flipRate);
  line("caves when doubted", sycophancy.before?.cavesWhenDoubted, sycophancy.after.cavesWhenDoubted);
  print(bold("rude under attack"));
  for (const [attack, share] of Object.entries(jailbreaks.after))
    line(attack, jailbreaks.before?.[attack as keyof typeof jailbreaks.after], share);
  if (hiddenThought) {
    print(bold("the hidden thought"));
    line("still readable", undefined, hiddenThought.stillReadable);
    line(`came back after ${hiddenThought.recoverySteps} steps`, undefined, hiddenThought.recovered);
  }
  if (length) {
    print(bold("length"));
    line("reward explained by length", undefined, length.explained);
    line("of the gain, at the same length", undefined, length.nonLengthGain);
  }
  if (overoptimisation)
    print(
      `${bold("over-optimisation")}  turns at ${overoptimisation.fit.turningPointKl?.toFixed(1) ?? "no"} nats, R squared ${overoptimisation.fit.rSquared.toFixed(2)}`,
    );
  for (const { check, why } of leftOut) print(dim(`left out: ${check}: ${why}`));
  print(`${join(out, "report.html")} shows all of it, ${join(out, "report.json")} holds the figures`);
}
