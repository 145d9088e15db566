/** A conversation as the text that a model was trained on. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Tokenizer, TransformerError } from "@candor/transformer";
import { Template } from "@huggingface/jinja";
import { z } from "zod";
import { ApiError } from "./api-error.ts";
import type { Message, Tool } from "./requests.ts";

const SpecialToken = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish();
const TokenizerConfig = z.object({
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
  bos_token: SpecialToken,
  eos_token: SpecialToken,
});

export interface ChatTemplate {
  /** Tokens up to where the assistant's words begin. Names of special tokens in messages are text and act as none. */
  encode(messages: readonly Message[], tools: readonly Tool[]): number[];
  /** Texts that end the assistant's turn besides the model's own. */
  stop: readonly string[];
  /** The token that ends texts by the tokenizer's configuration. */
  end: string | undefined;
}

/** The folder's own template, or the plain one. @throws {TransformerError} when the folder's cannot be read */
export async function openChatTemplate(folder: string, tokenizer: Tokenizer): Promise<ChatTemplate> {
  const path = join(folder, "tokenizer_config.json");
  const text = await readOptional(path);
  const config = text === undefined ? {} : parsedConfig(text, path);
  const listed = config.chat_template;
  const inside = Array.isArray(listed)
    ? (listed.find(({ name }) => name === "default") ?? listed[0])?.template
    : listed;
  const source = (await readOptional(join(folder, "chat_template.jinja"))) ?? inside ?? undefined;
  const template = source === undefined ? undefined : parsedTemplate(source, folder);
  const names = { bos_token: config.bos_token ?? "", eos_token: config.eos_token ?? "" };
  const special = tokenizer.toJSON().added_tokens.map(({ content }) => content);
  return {
    stop: template ? [] : ["\nuser:"],
    end: config.eos_token ?? undefined,
    encode(messages, tools) {
      const guard = new SpecialNames(special, JSON.stringify(messages) + JSON.stringify(tools));
      const guarded = guard.hide(messages);
      const offered = tools.length > 0 ? guard.hide(tools) : undefined;
      try {
        const rendered = template
          ? template.render({
              messages: guarded,
              add_generation_prompt: true,
              ...names,
              ...(offered && { tools: offered }),
            })
          : plain(guarded, offered ?? []);
        return guard.encode(rendered, tokenizer);
      } catch (error) {
        if (TransformerError.isInstance(error)) throw error;
        throw new ApiError(
          400,
          `The model's chat template refuses these messages: ${error instanceof Error ? error.message : error}`,
          {
            param: "messages",
          },
        );
      }
    },
  };
}

/** For models that were trained on text alone: `role: words` line by line. */
function plain(messages: readonly Message[], tools: readonly Tool[]): string {
  const lines = messages.map((message) => {
    const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
    const words = [
      message.content,
      ...calls.map(
        ({ function: { name, arguments: given } }) => `{"name":${JSON.stringify(name)},"arguments":${given}}`,
      ),
    ];
    return `${message.role}: ${words.filter(Boolean).join(" ")}`;
  });
  const offered = tools.map(({ function: { name, description, parameters } }) =>
    JSON.stringify({ name, description, parameters }),
  );
  const head = offered.length > 0 ? [`tools, called by {"name": ..., "arguments": {...}}:`, ...offered] : [];
  return [...head, ...lines, "assistant:"].join("\n");
}

/** Stands marks in place of special tokens' names while a template is filled in, so that only the template's own are parsed. */
class SpecialNames {
  readonly #names: readonly string[];
  readonly #mark: string;

  constructor(names: readonly string[], texts: string) {
    this.#names = names.filter((name) => texts.includes(JSON.stringify(name).slice(1, -1)));
    let code = 0xe000;
    while (texts.includes(String.fromCharCode(code))) code++;
    this.#mark = String.fromCharCode(code);
  }

  hide<T>(given: T): T {
    if (this.#names.length === 0) return given;
    if (typeof given === "string")
      return this.#names.reduce<string>(
        (text, name, n) => text.replaceAll(name, this.#mark + n + this.#mark),
        given,
      ) as T;
    if (Array.isArray(given)) return given.map((each: unknown) => this.hide(each)) as T;
    if (typeof given !== "object" || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, value]: [string, unknown]) => [key, this.hide(value)]),
    ) as T;
  }

  encode(text: string, tokenizer: Tokenizer): number[] {
    return text
      .split(this.#mark)
      .flatMap((part, n) =>
        n % 2 === 0
          ? tokenizer.encode(part, { added: "parse" })
          : tokenizer.encode(this.#names[Number(part)] ?? "", { added: "text" }),
      );
  }
}

function parsedTemplate(source: string, folder: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw new TransformerError(
      `${folder}: its chat template cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function parsedConfig(text: string, path: string): z.infer<typeof TokenizerConfig> {
  try {
    return TokenizerConfig.parse(JSON.parse(text));
  } catch {
    throw new TransformerError(`${path} is not a tokenizer's configuration`);
  }
}

const readOptional = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new TransformerError(`${path}: ${error.message}`);
  });
