/** Making tools: arguments parsed by a schema, described to minds as JSON schema. */
import type { EffectClass, Observation } from "@candor/store";
import { z } from "zod";
import type { ToolDescription } from "../mind.ts";
import type { Tool, ToolContext } from "../ports.ts";

export function defineTool<S extends z.ZodObject>(tool: {
  name: string;
  description: string;
  effect: EffectClass;
  args: S;
  repeatable?: boolean;
  run(args: z.infer<S>, context: ToolContext): Promise<Observation>;
}): Tool {
  const args = strict(tool.args);
  return {
    name: tool.name,
    description: tool.description,
    effect: tool.effect,
    repeatable: tool.repeatable ?? tool.effect === "read",
    args: args as unknown as Tool["args"],
    // Async, so that arguments that do not fit reject like any other failure.
    run: async (given, context) => tool.run(args.parse(given) as z.infer<S>, context),
  };
}

export function describe(tool: Tool): ToolDescription {
  return { name: tool.name, description: tool.description, effect: tool.effect, parameters: parametersOf(tool.args) };
}

// A tool is made anew for each run that is taken up; of a thousand children, schemas would be most of the work.
const strict = oncePer((args: z.ZodObject) => args.strict());
const parametersOf = oncePer(
  (args: Tool["args"]) => z.toJSONSchema(args, { unrepresentable: "any", io: "input" }) as Record<string, unknown>,
);

function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

export const said = (text: string, more: Partial<Observation> = {}): Observation => ({
  status: "ok",
  origin: "warden",
  text,
  leads: [],
  cost: {},
  ...more,
});

export const refused = (text: string): Observation => said(text, { status: "refused" });
