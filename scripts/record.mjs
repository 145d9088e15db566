// Records `npm start` as an animated SVG: runs the audit, keeps its output with its timing, and draws a terminal that is light or
// dark as the reader's system is. Where motion is unwanted it stands still on the last screen.
//   node scripts/record.mjs [FILE]          docs/recording.svg when no file is named
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureInstalled, node, root } from "./install.mjs";

const COLUMNS = 58; // 390 px wide it is still legible
const LINE = 19;
const CHARACTER = 8.43;
const MARGIN = 16;
const BAR = 34;
const FRAME_MS = 100;
const HOLD_MS = 9_000;
const ESCAPE = "\u001b[";
const ON = { 1: "b", 2: "d", 31: "r", 32: "g", 33: "y", 36: "c" };
const OFF = { 22: ["b", "d"], 39: ["r", "g", "y", "c"] };

ensureInstalled();
const home = mkdtempSync(join(tmpdir(), "candor-"));
try {
  const lines = await record();
  const svg = draw(lines);
  const file = process.argv[2] ?? join(root, "docs/recording.svg");
  writeFileSync(file, svg);
  console.log(`${file}: ${lines.length} lines, ${Math.round(svg.length / 1024)} kB`);
} finally {
  endServer();
  rmSync(home, { recursive: true, force: true });
}

/** What a terminal of `COLUMNS` would show, each line with the millisecond at which it came. */
async function record() {
  const lines = [
    { at: 0, text: `${ESCAPE}2m$${ESCAPE}22m npm start` },
    { at: 300, text: "" },
  ];
  const env = { ...process.env, CANDOR_HOME: home, FORCE_COLOR: "1", COLUMNS: String(COLUMNS), npm_command: "start" };
  const child = spawn(node, [join(root, "apps/cli/src/main.ts"), "audit"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let first;
  let rest = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout) {
    first ??= performance.now() - 600;
    const at = performance.now() - first;
    const whole = (rest + chunk).split("\n");
    rest = whole.pop();
    lines.push(...whole.flatMap((text) => broken(text).map((piece) => ({ at, text: piece }))));
  }
  const code = child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve)));
  if (code !== 0) throw new Error(`candor audit ended with ${code}`);
  return lines;
}

/** A line as a terminal breaks it. */
function broken(text) {
  const pieces = [""];
  let column = 0;
  for (const { code, plain } of parts(text)) {
    if (code !== undefined) pieces.push(`${pieces.pop()}${ESCAPE}${code}m`);
    for (const character of plain) {
      if (column++ === COLUMNS) {
        pieces.push("");
        column = 1;
      }
      pieces.push(pieces.pop() + character);
    }
  }
  return pieces;
}

/** Text between colour codes, each with the code before it. */
function parts(text) {
  const [first, ...rest] = text.split(ESCAPE);
  const coded = rest.map((part) => ({
    code: part.slice(0, part.indexOf("m")),
    plain: part.slice(part.indexOf("m") + 1),
  }));
  return [{ code: undefined, plain: first }, ...coded];
}

function draw(lines) {
  const rule = lines.findLastIndex(({ text }) => text.includes("───"));
  const rows = Math.max(30, lines.length - rule + 1);
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = BAR + rows * LINE + MARGIN;
  const frames = [];
  for (const [i, { at }] of lines.entries()) {
    const last = frames.at(-1);
    if (last && at - last.at < FRAME_MS) last.shown = i + 1;
    else frames.push({ at, shown: i + 1 });
  }
  const total = (frames.at(-1)?.at ?? 0) + HOLD_MS;
  const scrolled = (shown) => -Math.max(0, shown - rows) * LINE;
  const covered = (shown) => Math.min(shown, rows) * LINE;
  const keys = (offset) =>
    frames
      .map(({ at, shown }) => `${((100 * at) / total).toFixed(2)}%{transform:translateY(${offset(shown)}px)}`)
      .join("");
  const seconds = (total / 1000).toFixed(1);
  const end = lines.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">
<title id="t">npm start: Candor audits a made-up person in a simulated town and ends with what is exposed, where, and how to remove it</title>
<style>
svg{--back:#fff;--edge:#d0d7de;--text:#1f2328;--dim:#59636e;--red:#c5221f;--green:#116329;--yellow:#7d4e00;--cyan:#0550ae}
@media(prefers-color-scheme:dark){svg{--back:#0d1117;--edge:#3d444d;--text:#e6edf3;--dim:#9198a1;--red:#ff7b72;--green:#56d364;--yellow:#e3b341;--cyan:#79c0ff}}
text{font:14px/1 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--text);white-space:pre}
.d{fill:var(--dim)}.r{fill:var(--red)}.g{fill:var(--green)}.y{fill:var(--yellow)}.c{fill:var(--cyan)}.b{font-weight:700}
.w{fill:var(--back)}.e{fill:var(--back);stroke:var(--edge)}.o{fill:var(--edge)}
.s,.v{animation:s ${seconds}s step-end infinite}.v{animation-name:v}
@keyframes s{${keys(scrolled)}}
@keyframes v{${keys(covered)}}
@media(prefers-reduced-motion:reduce){.s,.v{animation:none}}
</style>
<clipPath id="c"><rect x="0" y="${BAR}" width="${width}" height="${rows * LINE}"/></clipPath>
<rect class="e" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle class="o" cx="20" cy="18" r="5"/><circle class="o" cx="38" cy="18" r="5"/><circle class="o" cx="56" cy="18" r="5"/>
<g clip-path="url(#c)"><g class="s" transform="translate(0 ${scrolled(end)})">
${lines
  .map(({ text }, i) => (text === "" ? "" : `<text x="${MARGIN}" y="${BAR + i * LINE + 14}">${painted(text)}</text>`))
  .filter(Boolean)
  .join("\n")}
</g><rect class="w v" x="1" y="${BAR}" width="${width - 2}" height="${rows * LINE}" transform="translate(0 ${covered(end)})"/></g>
</svg>
`;
}

/** Terminal colours as spans. */
function painted(text) {
  const on = new Set();
  let result = "";
  for (const { code, plain } of parts(text)) {
    if (ON[code]) on.add(ON[code]);
    for (const name of OFF[code] ?? []) on.delete(name);
    const escaped = plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    result += on.size > 0 && plain.trim() ? `<tspan class="${[...on].join(" ")}">${escaped}</tspan>` : escaped;
  }
  return result;
}

/** The server that the audit left running for the next command. */
function endServer() {
  try {
    process.kill(JSON.parse(readFileSync(join(home, "serve.json"), "utf8")).pid);
  } catch {
    // It never started, or has ended.
  }
}
