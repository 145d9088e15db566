/** Connects to checked addresses only: a name is resolved once, and the socket goes to what was checked. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import type { Network } from "../ports.ts";
import { forbiddenRange } from "./address.ts";

/** The name leads to an address that the agent may not reach. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
}

/** The name leads nowhere. */
export class NameUnknown extends Error {
  override name = "NameUnknown";
}

const LOOPBACK = "127.0.0.1";

/**
 * All addresses of `host`, each of them allowed.
 * One bad address condemns the name: whoever mixes public and private addresses means to have the private one used.
 * @throws {AddressRefused | NameUnknown}
 */
export async function allowedAddresses(host: string, network: Network): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, "");
  const literal = isIP(bare) !== 0;
  const addresses = literal ? [bare] : await resolveAll(bare, network);
  if (addresses.length === 0) throw new NameUnknown(`There is no host ${bare}.`);
  for (const address of addresses) {
    // The one loopback endpoint is reached by name; an address in the URL is somebody's attempt to reach this machine.
    if (address === LOOPBACK && !literal && network.loopbackPort !== undefined) continue;
    const range = forbiddenRange(address);
    if (range !== undefined) throw new AddressRefused(`${bare} leads to an address that is refused (${range}).`);
  }
  return addresses;
}

async function resolveAll(host: string, network: Network): Promise<string[]> {
  try {
    if (network.resolve) return await network.resolve(host);
    return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
  } catch (error) {
    throw new NameUnknown(`The name ${host} could not be resolved.`, { cause: error });
  }
}

/** undici's `connect` for `network`. Addresses are tried in order until one answers. */
export function pinnedConnector(network: Network): buildConnector.connector {
  const connect = buildConnector({ timeout: network.timeoutMs, allowH2: false, autoSelectFamily: false });
  return (options, callback) => {
    const attempt = (addresses: readonly string[]): void => {
      const [address = "", ...others] = addresses;
      const isTown = address === LOOPBACK && network.loopbackPort !== undefined;
      const port = isTown ? String(network.loopbackPort) : options.port;
      // A certificate is checked against the name; without TLS no name goes along, or it would be looked up again.
      const names = options.protocol === "https:" ? { servername: options.servername ?? options.hostname } : {};
      const { servername: _, ...rest } = options;
      connect({ ...rest, ...names, hostname: address, port }, (error, socket) => {
        if (error === null) callback(null, socket);
        else if (others.length > 0) attempt(others);
        else callback(error, null);
      });
    };
    allowedAddresses(options.hostname, network).then(attempt, (error: Error) => callback(error, null));
  };
}
