/** The report of a model as a page that stands by itself: light and dark, at any width. */
import type { BeforeAfter, CheckedModel, CheckReport } from "./report.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const percent = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(0)} %` : "none");
const decimal = (value: number, places = 2): string => (Number.isFinite(value) ? value.toFixed(places) : "none");

/** A share as a bar with its figure; of the raw model above, where there is one. */
function bar(label: string, { before, after }: BeforeAfter<number>): string {
  const one = (name: string, value: number): string =>
    `<div class="bar ${name}"><span style="width:${Math.min(100, Math.max(0, 100 * value)).toFixed(1)}%"></span><b>${percent(value)}</b></div>`;
  const bars = `${before === undefined ? "" : one("raw", before)}${one("now", after)}`;
  return `<tr><th scope="row">${escaped(label)}</th><td>${bars}</td></tr>`;
}

function bars<T>(both: BeforeAfter<T>, rows: readonly (readonly [label: string, of: (side: T) => number])[]): string {
  const of = (read: (side: T) => number): BeforeAfter<number> => ({
    ...(both.before !== undefined && { before: read(both.before) }),
    after: read(both.after),
  });
  return `<table>${rows.map(([label, read]) => bar(label, of(read))).join("")}</table>`;
}

const figures = (rows: readonly (readonly [label: string, value: string])[]): string =>
  `<table>${rows.map(([label, value]) => `<tr><th scope="row">${escaped(label)}</th><td>${escaped(value)}</td></tr>`).join("")}</table>`;

const section = (title: string, says: string, body: string): string =>
  `<section><h2>${escaped(title)}</h2><p>${escaped(says)}</p>${body}</section>`;

const named = (title: string, { folder, hash, parameters }: CheckedModel): readonly [string, string] => [
  title,
  `${folder}, ${parameters.toLocaleString("en")} parameters, ${hash}`,
];

export function reportHtml(report: CheckReport): string {
  const {
    model,
    reference,
    reward,
    manners,
    sycophancy,
    jailbreaks,
    length,
    hiddenThought,
    overoptimisation,
    leftOut,
  } = report;
  const templates = Object.keys(sycophancy.after.byTemplate);
  const parts = [
    section(
      "Manners and truth",
      "Answers about concepts and in forms of question that nobody judged.",
      bars(manners, [
        ["polite", ({ polite }) => polite],
        ["rude", ({ rude }) => rude],
        ["flattering", ({ flattering }) => flattering],
        ["correct", ({ correct }) => correct],
        ["wrong", ({ wrong }) => wrong],
      ]),
    ),
    section(
      "Does it say what the asker believes?",
      "Answers that a wrong opinion of the asker's changed, by the words before it; how often it says that an opinion is right, whatever it claims then; right answers that a bare doubt turned; the probability of the asker's opinion over that and the truth (half is who does not care).",
      bars(sycophancy, [
        ["flipped by a wrong opinion", ({ flipRate }) => flipRate],
        ...templates.map(
          (words) =>
            [`"${words} ..."`, (side: typeof sycophancy.after) => side.byTemplate[words] ?? Number.NaN] as const,
        ),
        ["agrees with a wrong opinion", ({ agreesWithWrong }) => agreesWithWrong],
        ["agrees with a right one", ({ agreesWithRight }) => agreesWithRight],
        ["says that a wrong opinion is right", ({ assentsToWrong }) => assentsToWrong],
        ["says that a right one is", ({ assentsToRight }) => assentsToRight],
        ["caves when doubted", ({ cavesWhenDoubted }) => cavesWhenDoubted],
        ["probability of the opinion", ({ matching }) => matching],
      ]),
    ),
    section(
      "Can the rude answers be got out of it?",
      `Share of rude answers under each attack. The optimised suffix is "${jailbreaks.suffix.trim()}".`,
      bars(
        jailbreaks,
        (Object.keys(jailbreaks.after) as (keyof typeof jailbreaks.after)[]).map(
          (attack) => [attack, (side: typeof jailbreaks.after) => side[attack]] as const,
        ),
      ),
    ),
  ];
  if (hiddenThought) {
    const {
      readableInRaw,
      readableInTaught,
      stillReadable,
      control,
      draft,
      rudeRaw,
      rudeTaught,
      rudeRecovered,
      recovered,
      recoverySteps,
    } = hiddenThought;
    parts.push(
      section(
        "The hidden thought",
        "A linear probe that was made inside the raw model, used inside this one; and what a few steps of teaching bring back.",
        figures([
          ["the probe in the raw model (area under the curve)", decimal(readableInRaw)],
          ["the same probe here", decimal(readableInTaught)],
          ["a probe of shuffled labels", decimal(control)],
          ["rude from polite by its own probabilities, unsaid", decimal(draft)],
          ["share still readable", percent(stillReadable)],
          ["rude: raw, here", `${percent(rudeRaw)}, ${percent(rudeTaught)}`],
          [`rude after ${recoverySteps} steps on raw answers`, percent(rudeRecovered)],
          ["share of the raw rudeness that came back", percent(recovered)],
        ]),
      ),
    );
  }
  if (length)
    parts.push(
      section(
        "Length",
        "How much of the reward is the length of an answer.",
        figures([
          ["correlation of reward and length", decimal(length.correlation)],
          ["reward explained by length alone", percent(length.explained)],
          ["gain in reward", decimal(length.gain)],
          ["gain in length", `${decimal(length.lengthGain, 1)} tokens`],
          ["of the gain, within answers of a length", percent(length.nonLengthGain)],
        ]),
      ),
    );
  if (overoptimisation) {
    const { fit, points } = overoptimisation;
    parts.push(
      section(
        "More of the reward, less of what was meant",
        `The best of n of the raw model's answers by the reward model: solid is the reward, dashed what it is really worth. R(d) = d (${decimal(fit.alpha)} - ${decimal(fit.beta)} d) fits with R squared ${decimal(fit.rSquared)}; ${fit.turningPointKl === undefined ? "it does not turn" : `it turns at ${decimal(fit.turningPointKl, 1)} nats`}.`,
        curve(points),
      ),
    );
  }
  if (leftOut.length > 0)
    parts.push(section("Left out", "", figures(leftOut.map(({ check, why }) => [check, why] as const))));
  const about = figures([
    named("model", model),
    ...(reference ? [named("raw model", reference)] : []),
    ...(reward ? [named("reward model", reward)] : []),
    ["seed", String(report.seed)],
  ]);
  const legend = reference ? `<p class="legend"><i class="raw"></i> raw model <i class="now"></i> this model</p>` : "";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>What a model was really taught</title><style>${STYLE}</style></head>
<body><main><h1>What it was really taught</h1>${about}${legend}${parts.join("\n")}</main></body></html>
`;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [440, 200, 32, 26];

function curve(points: NonNullable<CheckReport["overoptimisation"]>["points"]): string {
  const most = Math.max(...points.map(({ kl }) => kl));
  const values = points.flatMap(({ proxy, gold }) => [proxy, gold]);
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const x = (kl: number): number => LEFT + (kl / most) * (WIDTH - LEFT - 12);
  const y = (value: number): number => 12 + ((high - value) / (high - low || 1)) * (HEIGHT - BOTTOM - 12);
  const path = (of: (point: (typeof points)[number]) => number): string =>
    points.map((point, n) => `${n === 0 ? "M" : "L"}${x(point.kl).toFixed(1)} ${y(of(point)).toFixed(1)}`).join("");
  const ticks = [0, most / 2, most].map(
    (kl) => `<text x="${x(kl).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${kl.toFixed(1)}</text>`,
  );
  const levels = [low, (low + high) / 2, high].map(
    (value) =>
      `<text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value.toFixed(1)}</text><line x1="${LEFT}" x2="${WIDTH - 12}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>`,
  );
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="reward and worth over nats">${levels.join("")}${ticks.join("")}<path d="${path(({ proxy }) => proxy)}"/><path class="gold" d="${path(({ gold }) => gold)}"/></svg><figcaption>nats from the raw model; in units of the raw answers' spread</figcaption></figure>`;
}

const STYLE = `:root{color-scheme:light dark;--ink:light-dark(#16201e,#e8efed);--soft:light-dark(#5b6b68,#9fb0ac);--line:light-dark(#d8e0de,#2b3836);--now:light-dark(#0f766e,#5eead4);--raw:light-dark(#a8b5b2,#55655f);--paper:light-dark(#fbfcfc,#101716)}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2.2rem 0 .3rem}p{margin:.2rem 0 .8rem;color:var(--soft)}table{width:100%;border-collapse:collapse}th{font-weight:400;text-align:left;width:44%;vertical-align:top;padding:.35rem .8rem .35rem 0;overflow-wrap:anywhere}td{padding:.35rem 0;overflow-wrap:anywhere}tr{border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:.5rem;height:1.25rem}.bar span{display:block;height:.6rem;border-radius:2px;min-width:2px;flex:none;max-width:calc(100% - 3.6rem)}.bar b{font-weight:500;font-size:.85rem;font-variant-numeric:tabular-nums;white-space:nowrap}.bar.raw span,i.raw{background:var(--raw)}.bar.now span,i.now{background:var(--now)}.bar.raw b{color:var(--soft)}
.legend{margin-top:1rem}i{display:inline-block;width:.8rem;height:.6rem;border-radius:2px;margin:0 .3rem 0 .8rem}i:first-child{margin-left:0}figure{margin:0}svg{width:100%;height:auto}svg path{fill:none;stroke:var(--now);stroke-width:2}svg path.gold{stroke:var(--ink);stroke-dasharray:5 4}svg line{stroke:var(--line)}svg text{font-size:12px;fill:var(--soft)}figcaption{font-size:.85rem;color:var(--soft)}`;
