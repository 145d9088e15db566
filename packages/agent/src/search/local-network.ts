/** Reaching a search service that the operator runs on this machine: that one endpoint, and nothing else here. */
import type { Network } from "../ports.ts";

const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

export interface LocalService {
  /** By name, since an address written out is never connected to on this machine. */
  url: string;
  network: Network;
}

/** Undefined where `baseUrl` lies elsewhere; then the run's own fetcher serves. */
export function localService(baseUrl: string, network: Network): LocalService | undefined {
  const url = URL.parse(baseUrl);
  if (url?.protocol !== "http:" || !LOCAL.test(url.hostname)) return undefined;
  url.hostname = "localhost";
  return {
    url: url.href,
    network: {
      ...network,
      resolve: async (host) => (host === "localhost" ? ["127.0.0.1"] : []),
      loopbackPort: Number(url.port || 80),
      politenessMs: 0,
    },
  };
}
