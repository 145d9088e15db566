/** The values that a signature covers: derived components and fields (RFC 9421, 2). */
import {
  type BareItem,
  isInnerList,
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeInnerList,
  serializeItem,
  serializeList,
} from "structured-headers";
import { Malformed } from "../malformed.ts";
import { isRequest, linesOf, type Message, type RequestMessage } from "./message.ts";

/** One covered component: its name in lower case, and parameters such as `key`, `sf`, `bs`, `req` and `name`. */
export interface Component {
  name: string;
  parameters: ReadonlyMap<string, BareItem>;
}

/** `component("signature-agent", { key: "sig1" })` */
export const component = (name: string, parameters: Record<string, BareItem> = {}): Component => ({
  name: name.toLowerCase(),
  parameters: new Map(Object.entries(parameters)),
});

/** The component identifier as it stands in the signature base: `"@query-param";name="Pet"`. */
export const identifierOf = ({ name, parameters }: Component): string => serializeItem(name, new Map(parameters));

const KNOWN_PARAMETERS = new Set(["sf", "key", "bs", "req", "name"]);

/**
 * The component's value in `message`.
 *
 * @throws Malformed for a component that is not there, is not defined, or whose field is no structured field
 */
export function componentValue(message: Message, { name, parameters }: Component): string {
  const odd = [...parameters.keys()].find((each) => !KNOWN_PARAMETERS.has(each));
  if (odd !== undefined) throw new Malformed(`the component parameter ${odd} is not supported`);
  const source = parameters.has("req") ? requestOf(message) : message;
  if (name.startsWith("@")) return derived(source, name, parameters);
  const lines = linesOf(source.fields, name);
  if (lines.length === 0) throw new Malformed(`the signature covers ${name}, which the message does not have`);
  const value = fieldValue(name, lines, parameters);
  // A line break would add a line to the signature base, and so another component.
  if (/[\r\n]/.test(value)) throw new Malformed(`the field ${name} holds a line break`);
  return value;
}

function requestOf(message: Message): RequestMessage {
  if (isRequest(message) || message.request === undefined)
    throw new Malformed("a component with ;req needs the request that a response answers");
  return message.request;
}

function fieldValue(name: string, lines: readonly string[], parameters: Component["parameters"]): string {
  const [sf, bs, key] = [parameters.has("sf"), parameters.has("bs"), parameters.get("key")];
  if (bs && (sf || key !== undefined)) throw new Malformed(`${name}: bs goes with neither sf nor key`);
  if (bs) return serializeList(lines.map((line) => [Buffer.from(line, "latin1"), new Map()]));
  const whole = lines.join(", ");
  if (typeof key === "string") {
    const member = structured(name, () => parseDictionary(whole)).get(key);
    if (member === undefined) throw new Malformed(`the signature covers ${name};key="${key}", which is not there`);
    return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
  }
  if (key !== undefined) throw new Malformed(`${name}: key must be a string`);
  return sf ? strictly(name, whole) : whole;
}

/** Whether a field is a dictionary, a list or an item cannot be seen from its text. */
const DICTIONARIES = new Set(
  "accept-signature cache-control content-digest priority repr-digest signature signature-agent signature-input want-content-digest want-repr-digest example-dict".split(
    " ",
  ),
);
const LISTS = new Set(
  "accept accept-encoding accept-language cache-status connection proxy-status vary via".split(" "),
);
const ITEMS = new Set(
  "age content-length content-type cross-origin-opener-policy cross-origin-embedder-policy origin".split(" "),
);

function strictly(name: string, value: string): string {
  if (DICTIONARIES.has(name)) return serializeDictionary(structured(name, () => parseDictionary(value)));
  if (LISTS.has(name)) return serializeList(structured(name, () => parseList(value)));
  if (ITEMS.has(name)) return serializeItem(structured(name, () => parseItem(value)));
  throw new Malformed(`the signature covers ${name};sf, and whether that is a list or a dictionary is not known`);
}

function structured<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Malformed(`the field ${name} is not a structured field`);
  }
}

function derived(message: Message, name: string, parameters: Component["parameters"]): string {
  if (name === "@status") {
    if (isRequest(message)) throw new Malformed("a request has no @status");
    return String(message.status);
  }
  if (!isRequest(message)) throw new Malformed(`a response has no ${name}; ;req takes its request's`);
  if (name === "@method") return message.method;
  const url = urlOf(message);
  switch (name) {
    case "@target-uri":
      return url.href;
    case "@scheme":
      return url.protocol.slice(0, -1);
    // `URL` writes hosts in lower case and leaves a scheme's own port out, as 2.2.3 has it.
    case "@authority":
      return url.host;
    case "@request-target":
      return url.pathname + url.search;
    case "@path":
      return url.pathname;
    case "@query":
      return url.search || "?";
    case "@query-param":
      return queryParameter(url, parameters.get("name"));
    default:
      throw new Malformed(`${name} is not a component that RFC 9421 defines`);
  }
}

function urlOf({ url }: RequestMessage): URL {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new Malformed("the request has no absolute http URL");
  parsed.hash = "";
  return parsed;
}

/** 2.2.8: names and values of a form, percent-encoded anew; one that stands there twice cannot be told apart. */
function queryParameter(url: URL, name: BareItem | undefined): string {
  if (typeof name !== "string") throw new Malformed("@query-param needs a name");
  const found = [...url.searchParams].filter(([each]) => percent(each) === name).map(([, value]) => value);
  const [value, ...others] = found;
  if (value === undefined || others.length > 0)
    throw new Malformed(`the query holds ${found.length} parameters ${name}; a signature can cover only one`);
  return percent(value);
}

/** The percent-encode set of application/x-www-form-urlencoded, with spaces as %20. */
const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
