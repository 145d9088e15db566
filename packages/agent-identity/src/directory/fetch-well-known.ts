/**
 * Fetches a key directory or an agent card from an address that a stranger named. So: https, a public address that is checked where the socket
 * connects, no redirects, few bytes, little time.
 */
import { lookup as resolve } from "node:dns/promises";
import { request } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Malformed } from "../malformed.ts";
import { fieldsOfRaw, type ResponseMessage } from "../messages/message.ts";

/** Gets the answer to `GET {origin}{path}`. Rejects where none comes. */
export type FetchWellKnown = (
  origin: string,
  path: string,
  signal: AbortSignal,
) => Promise<ResponseMessage & { body: string }>;

const MOST_BYTES = 64 * 1024;
const TIMEOUT_MS = 5_000;

/** Everything that is not the public internet (the special-purpose registries of RFC 6890). */
const closed = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  closed.addSubnet(network, prefix, "ipv4");
/** Of IPv6 only global unicast is open, and of that no transition mechanism, which may lead anywhere. */
const open6 = new BlockList();
open6.addSubnet("2000::", 3, "ipv6");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  closed.addSubnet(network, prefix, "ipv6");

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, "ipv4");
  return family === 6 && open6.check(address, "ipv6") && !closed.check(address, "ipv6");
}

/** @throws Malformed for an address that nobody should be made to ask */
export const fetchWellKnown: FetchWellKnown = async (origin, path, signal) => {
  const url = new URL(path, origin);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol !== "https:" || url.port !== "" || isIP(name) !== 0 || !name.includes("."))
    throw new Malformed(`${origin} is not the address of a site`, "An https address with a name and no port.");
  const addresses = await resolve(name, { all: true });
  if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
    throw new Malformed(`${origin} is not on the public internet`);
  // The socket goes to an address that was checked, whatever the name means a moment later.
  const pinned: LookupFunction = (_name, options, done) =>
    options.all ? done(null, addresses) : done(null, addresses[0]?.address ?? "", addresses[0]?.family);
  return get(url, pinned, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
};

function get(url: URL, lookup: LookupFunction, signal: AbortSignal): ReturnType<FetchWellKnown> {
  return new Promise((done, reject) => {
    const outgoing = request(url, { method: "GET", lookup, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MOST_BYTES) response.destroy(new Malformed("what is there is too long"));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          fields: fieldsOfRaw(response.rawHeaders),
          body: Buffer.concat(chunks).toString("utf8"),
          request: { method: "GET", url: url.href, fields: [] },
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
