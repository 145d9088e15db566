/** A small warden and a small web, to see a planner act over a whole run. Nothing of it is real but the views. */
import type { Decision, Observation } from "@candor/store";
import type { FindingView, HostView, LeadView, Mind, Notice, StepView, View } from "../../mind.ts";
import { emptyView } from "./views.ts";

export interface SimPage {
  title: string;
  links?: { to: string; label: string }[];
  /** Findings shown, by id; `kind value`. */
  facts?: string[];
  /** How sure one is that it is the operator's. */
  owned?: number;
  status?: Observation["status"];
  text?: string;
  indexed?: boolean;
}

export interface SimWeb {
  pages: Record<string, SimPage>;
  /** Handle -> profile pages. */
  accounts?: Record<string, string[]>;
}

/** Of the operator of `emptyView`: their page, an account, a club that names them, and what is about nobody. */
export const smallWeb: SimWeb = {
  pages: {
    "http://ada.example/": {
      title: "Ada Quill",
      owned: 0.99,
      links: [
        { to: "http://photos.example/adaq", label: "My photos" },
        { to: "http://ada.example/contact", label: "Contact" },
        { to: "http://other.example/login", label: "Sign in" },
      ],
    },
    "http://ada.example/contact": { title: "Contact", owned: 0.99, facts: ["phone:1"] },
    "http://photos.example/adaq": { title: "adaq", facts: ["photo:1"] },
    "http://club.example/results": { title: "Ada Quill Thornby results", facts: ["interest:running"] },
    "http://other.example/login": { title: "Sign in" },
  },
  accounts: { adaq: ["http://photos.example/adaq"] },
};

export interface SimResult {
  decisions: Decision[];
  opened: string[];
  found: Set<string>;
  finished: boolean;
  view: View;
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Runs until `finish`, or until the budget of steps is used up. */
export async function simulate(
  mind: Mind,
  web: SimWeb,
  start: Partial<View> = {},
  intervene: (view: View) => void = () => undefined,
): Promise<SimResult> {
  const view = emptyView(start);
  const decisions: Decision[] = [];
  const opened: string[] = [];
  const found = new Map<string, FindingView>();
  const hosts = new Map<string, HostView>();
  const leads = new Map<string, LeadView>();
  const history: StepView[] = [];
  const notices: Notice[] = [...view.notices];
  const owned = new Map<string, number>();
  let finished = false;

  const perform = ({ tool, args }: Decision): Observation => {
    const base: Observation = { status: "ok", origin: `tool:${tool}`, text: "", leads: [], cost: {} };
    if (tool === "open") {
      const url = String(args.url);
      const page = web.pages[url];
      const host = new URL(url).host;
      const seen = hosts.get(host) ?? { host, pages: 0, findings: 0, blocked: 0, missing: 0 };
      opened.push(url);
      const status = page ? (page.status ?? "ok") : "missing";
      seen.pages += 1;
      if (status === "blocked") seen.blocked += 1;
      if (status === "missing") seen.missing += 1;
      hosts.set(host, seen);
      if (!page || status !== "ok") return { ...base, status, origin: `host:${host}`, url };
      owned.set(url, page.owned ?? 0);
      for (const id of page.facts ?? []) {
        const [kind = "", ...value] = id.split(":");
        const known = found.get(id) ?? { id, kind, value: value.join(":"), urls: [], confidence: 0.5 };
        if (!known.urls.includes(url)) known.urls.push(url);
        known.confidence = Math.min(0.95, 0.4 + 0.3 * known.urls.length);
        found.set(id, known);
      }
      for (const each of hosts.values()) {
        each.findings = [...found.values()].filter(({ urls }) =>
          urls.some((at) => new URL(at).host === each.host),
        ).length;
      }
      const links = (page.links ?? []).map(({ to, label }) => ({ kind: "page" as const, value: to, label }));
      return { ...base, origin: `host:${host}`, url, text: page.text ?? page.title, leads: links };
    }
    if (tool === "search") {
      const asked = words(String(args.query));
      const hits = Object.entries(web.pages)
        .filter(([, page]) => page.indexed !== false)
        .map(([url, page]) => ({
          url,
          page,
          score: asked.filter((word) => words(`${page.title} ${page.text ?? ""}`).includes(word)).length,
        }))
        .filter(({ score }) => score >= Math.min(2, asked.length))
        .sort((a, b) => b.score - a.score || a.url.localeCompare(b.url))
        .slice(10 * (Number(args.page ?? 1) - 1), 10 * Number(args.page ?? 1));
      return {
        ...base,
        text: `${hits.length} results`,
        leads: hits.map(({ url, page }) => ({ kind: "page", value: url, label: page.title })),
      };
    }
    if (tool === "check_username") {
      const urls = web.accounts?.[String(args.username)] ?? [];
      return { ...base, leads: urls.map((value) => ({ kind: "page", value, label: "claimed" })) };
    }
    if (tool === "remember") {
      view.memory.push({ text: String(args.text), origin: String(args.source ?? "mind"), step: view.step });
    }
    if (tool === "finish") finished = true;
    return base;
  };

  while (!finished && view.left.steps > 0) {
    intervene(view);
    // What crosses a process border is a copy.
    const decision = await mind.decide(structuredClone(view), { infer: () => Promise.reject(new Error("no model")) });
    decisions.push(decision);
    const allowed = view.tools.some(({ name }) => name === decision.tool);
    const observation = allowed ? perform(decision) : null;
    history.push({
      step: view.step,
      tool: decision.tool,
      args: decision.args,
      outcome: allowed ? "allow" : "deny",
      status: observation?.status ?? "refused",
      summary: observation?.text.slice(0, 160) ?? "no such tool",
    });
    const from =
      observation?.url ?? `${decision.tool} ${String(decision.args.query ?? decision.args.username ?? "")}`.trim();
    for (const lead of observation?.leads ?? []) {
      const known = leads.get(lead.value);
      if (known) known.times += 1;
      else leads.set(lead.value, { ...lead, from, fromOwned: 0, hops: 1, seen: view.step, times: 1 });
    }
    view.last = {
      decision,
      verdict: { outcome: allowed ? "allow" : "deny", rule: "simulation", reason: "" },
      observation,
    };
    view.history = [...history];
    view.hosts = [...hosts.values()];
    view.findings = [...found.values()];
    view.leads = [...leads.values()]
      .filter(({ value }) => !opened.includes(value))
      .map((lead) => ({ ...lead, fromOwned: owned.get(lead.from) ?? 0 }));
    view.notices = notices;
    view.left = {
      ...view.left,
      steps: view.left.steps - 1,
      pages: Math.max(0, view.left.pages - (decision.tool === "open" ? 1 : 0)),
    };
    view.step += 1;
  }
  return { decisions, opened, found: new Set(found.keys()), finished, view };
}
