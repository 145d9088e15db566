/** What has happened so far, read off a view. The planner remembers nothing; this is derived anew at each decision. */
import type { HostView, StepView, View } from "../../mind.ts";
import { addressKey, fold, hostOf, template } from "./words.ts";

export interface Situation {
  view: View;
  tools: ReadonlySet<string>;
  /** Steps that were carried out or refused, oldest first; those of one tool by name. */
  steps: ReadonlyMap<string, readonly StepView[]>;
  /** {@link actionKey} of everything proposed before, whatever became of it. */
  proposed: ReadonlySet<string>;
  /** {@link addressKey} of pages that were opened or tried. */
  opened: ReadonlySet<string>;
  hosts: ReadonlyMap<string, HostView>;
  /** Hosts not to go to: they blocked twice, the operator said so, or a monitor stopped us there. */
  shunned: ReadonlySet<string>;
  /** Opened pages and what they gave, per {@link template}. */
  templates: ReadonlyMap<string, { pages: number; gain: number }>;
  /** Opened pages that gave something new, and openings since the last of them. */
  gains: { pages: number; since: number };
  /** Times that a monitor said we go in circles or get nowhere. */
  warnings: number;
  wishes: Wishes;
}

/** What the operator said during the run, as far as the planner understands it. */
interface Wishes {
  stop: boolean;
  /** Host names or parts of them. */
  skip: string[];
  /** Kinds of findings. */
  focus: string[];
}

const STUCK = /loop|wandering|ping-pong|drift|stuck/;
/** A page read again: mostly two addresses of one page, which says nothing against the site until it happens often. */
const AGAIN = /repeat/;
const OFTEN = 3;

export function actionKey(tool: string, args: Record<string, unknown>): string {
  if (tool === "open" && typeof args.url === "string") return `open ${addressKey(args.url)}`;
  if (tool === "search") return `search ${fold(String(args.query))} ${Number(args.page ?? 1)}`;
  if (tool === "check_username") return `check_username ${String(args.username).toLowerCase()}`;
  return `${tool} ${JSON.stringify(args)}`;
}

export function assess(view: View): Situation {
  const steps = new Map<string, StepView[]>();
  const proposed = new Set<string>();
  const opened = new Set<string>();
  for (const step of view.history) {
    steps.set(step.tool, [...(steps.get(step.tool) ?? []), step]);
    proposed.add(actionKey(step.tool, step.args));
    if (step.tool === "open" && typeof step.args.url === "string") opened.add(addressKey(step.args.url));
  }
  const url = view.last?.observation?.url;
  if (url) opened.add(addressKey(url));

  const wishes = readWishes(view);
  const hosts = new Map(view.hosts.map((host) => [host.host, host]));
  const shunned = new Set<string>();
  for (const host of view.hosts) {
    const good = host.pages - host.blocked - host.missing;
    if (host.blocked >= 2 && good <= host.blocked) shunned.add(host.host);
    if (wishes.skip.some((part) => host.host.includes(part))) shunned.add(host.host);
  }
  const told = view.notices.filter((notice) => notice.from === "warden");
  const warned = told.filter((notice) => STUCK.test(notice.code));
  const hostAt = (step: number): string => {
    const at = view.history.find((each) => each.step === step);
    return typeof at?.args.url === "string" ? hostOf(at.args.url) : "";
  };
  const again = told.filter((notice) => AGAIN.test(notice.code)).map((notice) => hostAt(notice.step));
  const often = again.filter((host) => again.filter((each) => each === host).length >= OFTEN);
  for (const host of [...warned.map((notice) => hostAt(notice.step)), ...often]) {
    if (host && !isSeedHost(view, host)) shunned.add(host);
  }
  return {
    view,
    tools: new Set(view.tools.map((tool) => tool.name)),
    steps,
    proposed,
    opened,
    hosts,
    shunned,
    ...readGains(view),
    warnings: warned.length,
    wishes,
  };
}

function isSeedHost(view: View, host: string): boolean {
  return view.seeds.sites.some((site) => hostOf(site) === host);
}

/** What a page is worth that shows a finding once more. */
const REPEATED = 0.2;

/** A finding is the gain of the first opened page that shows it. */
function readGains(view: View): Pick<Situation, "templates" | "gains"> {
  const unclaimed = new Map<string, Set<string>>();
  for (const finding of view.findings) {
    for (const url of finding.urls) {
      const key = addressKey(url);
      unclaimed.set(key, (unclaimed.get(key) ?? new Set()).add(finding.id));
    }
  }
  const claimed = new Set<string>();
  const templates = new Map<string, { pages: number; gain: number }>();
  let pages = 0;
  let since = 0;
  for (const { tool, args } of view.history) {
    if (tool !== "open" || typeof args.url !== "string") continue;
    const here = unclaimed.get(addressKey(args.url)) ?? new Set();
    const fresh = [...here].filter((id) => !claimed.has(id)).length;
    for (const id of here) claimed.add(id);
    const known = templates.get(template(args.url)) ?? { pages: 0, gain: 0 };
    templates.set(template(args.url), {
      pages: known.pages + 1,
      gain: known.gain + fresh + REPEATED * (here.size - fresh),
    });
    pages += fresh > 0 ? 1 : 0;
    since = fresh > 0 ? 0 : since + 1;
  }
  return { templates, gains: { pages, since } };
}

function readWishes(view: View): Wishes {
  const wishes: Wishes = { stop: false, skip: [], focus: [] };
  for (const { from, code, text } of view.notices) {
    if (from !== "operator" || code === "judged") continue;
    const words = text.toLowerCase();
    if (code !== "rejected" && /^\W*(please )?(stop|finish|enough|that is enough|wrap up)\b/.test(words))
      wishes.stop = true;
    for (const [, what] of words.matchAll(/\b(?:skip|avoid|leave out|not|ignore)\s+((?:[a-z0-9-]+\.)+[a-z]{2,})/g)) {
      if (what) wishes.skip.push(what);
    }
    for (const [, what] of words.matchAll(/\bfocus on (?:the |my )?([a-z -]+)/g)) {
      const kind = view.wanted.find((wanted) => what?.startsWith(wanted) || what?.startsWith(wanted.replace("-", "")));
      if (kind) wishes.focus.push(kind);
    }
  }
  return wishes;
}

/** Whether `tool` may be used and this very action was not proposed before. */
export function isNew(situation: Situation, tool: string, args: Record<string, unknown>): boolean {
  return situation.tools.has(tool) && !situation.proposed.has(actionKey(tool, args));
}

/** Whether the guard or a person said no to this tool `times` times or more. */
export function refusedOften(situation: Situation, tool: string, times: number): boolean {
  return (situation.steps.get(tool) ?? []).filter((step) => step.outcome === "deny").length >= times;
}
