/** `candor lens graph`: what tokens and transcoders' features give to an answer, as a picture. */
import { writeFileSync } from "node:fs";
import {
  attributionGraph,
  attributionGraphPicture,
  type GraphNode,
  groupGraph,
  Lens,
  modelHash,
  openDictionary,
  pruneGraph,
} from "@candor/lens";
import { badInput } from "@candor/server/outside";
import { openModel } from "@candor/training";
import { answer } from "../context.ts";
import { dim, print } from "../screen/style.ts";
import type { GraphFlags } from "./lens.ts";

/** Longest prompt: attention is kept as it was for each pair of tokens. */
const MOST_TOKENS = 128;
const TOLD = 12;

export async function graphOf(folder: string, transcoders: readonly string[], flags: GraphFlags): Promise<void> {
  const model = await openModel(folder);
  await using lens = new Lens(model.config.decoder, model.weights, { tokenizer: model.tokenizer });
  const text = (token: number): string => model.tokenizer.decode([token]);
  const tokens = model.tokenizer.encode(flags.prompt, { added: "text" });
  const longest = Math.min(MOST_TOKENS, lens.config.context);
  if (tokens.length === 0 || tokens.length > longest)
    throw badInput(`the prompt has ${tokens.length} tokens`, `Give 1 to ${longest}.`);
  const { logits } = await lens.run([tokens]);
  const last = Array.from(logits.slice(-lens.config.vocab));
  const order = last.map((logit, token) => ({ logit, token })).sort((a, b) => b.logit - a.logit);
  const single = (given: string): number => {
    const [token, ...more] = model.tokenizer.encode(given, { added: "text" });
    if (token === undefined || more.length > 0)
      throw badInput(
        `"${given}" is ${more.length + 1} tokens for this model`,
        "Give one, with its space where it has one.",
      );
    return token;
  };
  const said = flags.answer === undefined ? (order[0]?.token ?? 0) : single(flags.answer);
  const over = flags.over === undefined ? (order.find(({ token }) => token !== said)?.token ?? 0) : single(flags.over);
  const opened = await Promise.all(transcoders.map((each) => openDictionary(each, { model: modelHash(lens) })));
  const whole = await attributionGraph(lens, opened, tokens, {
    answer: [
      [said, 1],
      [over, -1],
    ],
  });
  for (const each of opened) await each[Symbol.asyncDispose]();
  const pruned = pruneGraph(whole, { most: { nodes: flags.nodes, edges: 3 * flags.nodes } });
  const graph = flags.group ? groupGraph(pruned) : pruned;
  const title = `Why ${shown(text(said))} over ${shown(text(over))}`;
  writeFileSync(
    flags.out,
    attributionGraphPicture(graph, { title, answer: shown(text(said)), token: (token) => shown(text(token)) }),
  );
  const strongest = graph.nodes
    .map((node, n) => ({ node, influence: graph.influence[n] ?? 0 }))
    .filter(({ node }) => node.kind !== "answer")
    .sort((a, b) => b.influence - a.influence);
  const missed = share(whole, (node) => node.kind === "error");
  answer(flags, { out: flags.out, answer: text(said), over: text(over), logits: whole.answer, missed, graph }, () => {
    print(`${title}: by ${whole.answer.toFixed(2)} logits`);
    for (const { node, influence } of strongest.slice(0, TOLD))
      print(`${`${(100 * influence).toFixed(1)} %`.padStart(7)}  ${named(node, text)}`);
    print(
      dim(
        `drawn: ${graph.nodes.length} of ${whole.nodes.length} nodes and ${graph.edges.length} edges; ${(100 * missed).toFixed(0)} % comes by way of what transcoders do not tell`,
      ),
    );
    print(dim(`${flags.out} shows it`));
  });
}

function share({ nodes, influence }: { nodes: GraphNode[]; influence: number[] }, is: (node: GraphNode) => boolean) {
  const roots = (node: GraphNode): boolean => node.kind === "token" || node.kind === "error";
  const sum = (of: (node: GraphNode) => boolean): number =>
    influence.reduce((all, value, n) => all + (of(nodes[n] as GraphNode) ? value : 0), 0);
  return sum(is) / Math.max(1e-12, sum(roots));
}

const shown = (text: string): string => (text.trim() === "" ? JSON.stringify(text) : text.trim());

function named(node: GraphNode, text: (token: number) => string): string {
  switch (node.kind) {
    case "token":
      return `token ${node.position + 1}, ${shown(text(node.token))}`;
    case "feature":
      return `feature ${node.layer}.${node.feature} at token ${node.position + 1}`;
    case "error":
      return `what MLP ${node.layer} says beside its features, at token ${node.position + 1}`;
    case "answer":
      return "the answer";
  }
}
