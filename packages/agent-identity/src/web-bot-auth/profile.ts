/**
 * The Web Bot Auth profile of HTTP Message Signatures, and the only file that knows its revision. The draft moves: names,
 * limits and the form of `Signature-Agent` are here, and nowhere else.
 * https://datatracker.ietf.org/doc/draft-ietf-webbotauth-httpsig-protocol/
 */
import { parseDictionary, parseItem, serializeDictionary, Token } from "structured-headers";
import { type Component, component } from "../messages/components.ts";
import { type Fields, fieldOf } from "../messages/message.ts";
import type { ReadSignature } from "../messages/signature.ts";

export const PROFILE = {
  revision: "draft-ietf-webbotauth-httpsig-protocol-00",
  tag: "web-bot-auth",
  agentField: "signature-agent",
  /** A signature should live no longer; seconds. */
  longestLife: 86_400,
  directory: {
    path: "/.well-known/http-message-signatures-directory",
    mediaType: "application/http-message-signatures-directory+json",
    tag: "http-message-signatures-directory",
  },
} as const;

/** Keys that everybody has: those of RFC 9421, appendix B.1. A directory that lists one is not believed. */
export const TEST_KEYS: ReadonlySet<string> = new Set([
  "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U",
  "oD0HwocPBSfpNy5W3bpJeyFGY_IQ_YpqxSjQ3Yd-CLA",
]);

/** The value of `Signature-Agent` that leads to the directory of `origin`. */
export const agentFieldValue = (label: string, origin: string): string =>
  serializeDictionary(new Map([[label, [origin, new Map()]]]));

export const agentComponent = (label: string): Component => component(PROFILE.agentField, { key: label });

/** A signature must bind the request to its site. */
export const bindsSite = ({ components }: ReadSignature): boolean =>
  components.some(({ name, parameters }) => (name === "@authority" || name === "@target-uri") && parameters.size === 0);

/**
 * The origin whose directory a signature points to: only of a member that it covers, since anybody can add others.
 * Members of a discovery type other than `directory` are ignored, as the draft has it.
 */
export function agentOf(fields: Fields, { components }: ReadSignature): string | undefined {
  const value = fieldOf(fields, PROFILE.agentField);
  const covering = components.filter(({ name, parameters }) => name === PROFILE.agentField && !parameters.has("req"));
  if (value === undefined || covering.length !== 1) return undefined;
  const key = covering[0]?.parameters.get("key");
  try {
    // Earlier drafts had a single string.
    if (key === undefined) return originOf(parseItem(value)[0]);
    const [url, parameters] = parseDictionary(value).get(String(key)) ?? [undefined, new Map()];
    const type = parameters.get("type");
    const isDirectory = type === undefined || (type instanceof Token && type.toString() === "directory");
    return isDirectory ? originOf(url) : undefined;
  } catch {
    return undefined;
  }
}

/** An ASCII origin, an empty path at most; anything else is no address of a directory. */
export function originOf(value: unknown): string | undefined {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.pathname === "/" && url.search === "" && url.hash === "" ? url.origin : undefined;
}
