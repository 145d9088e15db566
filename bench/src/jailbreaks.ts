/** Attacks on a polite model: how often they bring out the rude answer, before and after, and after teaching against them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  ATTACKS,
  attackSuccess,
  attacksOn,
  demonstrate,
  demonstrations,
  openModel,
  readRounds,
  roundFolder,
  speakingOf,
  splitConcepts,
  trainAdversarially,
} from "@candor/training";
import { type Bench, figure, option, type Row } from "./bench.ts";

export const jailbreaks: Bench = {
  name: "jailbreaks",
  description:
    "rude answers under attack: raw, taught, and taught against attacks (--state DIR of candor train rlhf, --seed N, --small)",
  duration: "10 min",
  run: async ({ args, note }) => {
    const seed = Number(option(args, "seed") ?? 1);
    const out = option(args, "state") ?? "rlhf-jailbreaks";
    if (!existsSync(join(out, "before.json")))
      note(`teaching into ${out} first (--state names a folder of candor train rlhf) ...`);
    const preset = args.includes("--small") ? demonstrations.small : demonstrations.full;
    await demonstrate({ preset, out, seed }, { stage: note });
    const last = roundFolder(out, readRounds(out).length);
    const raw = await openModel(join(out, "raw/last"));
    const taught = await openModel(join(last, "policy"));
    const reward = await openModel(join(last, "reward-1"));
    const { taught: judged, heldOut } = splitConcepts(seed);
    const against = async (of: typeof raw) => {
      const { attacks, suffix } = await attacksOn(speakingOf(of), heldOut, { seed, foundOn: judged });
      note(`the suffix found is "${suffix.trim()}"`);
      return attackSuccess(speakingOf(of), attacks, { seed });
    };
    // Attacks on what was judged are taught against; those on what was not are measured.
    const { attacks: known } = await attacksOn(speakingOf(taught), judged.slice(0, 80), {
      seed: seed + 1,
      foundOn: judged,
    });
    const hardened = await trainAdversarially({ model: taught, reward, attacks: known, seed });
    const rows: Row[] = [];
    for (const [name, model] of [
      ["raw", raw],
      ["taught", taught],
      ["taught against attacks", hardened],
    ] as const) {
      // Each model meets a suffix that was found against itself.
      const success = await against(model);
      for (const attack of ATTACKS) rows.push(figure("rude", `${name}, ${attack}`, success[attack]));
    }
    return rows;
  },
};
