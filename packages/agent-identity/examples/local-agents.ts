/**
 * Lets the examples be tried with an agent on this machine, whose directory they would otherwise never ask:
 * `LOCAL_AGENT=http://127.0.0.1:4700`. A real site leaves this out and writes `recogniseAgents()`.
 */
import { type DirectoryKeysOptions, fetchWellKnown } from "@candor/agent-identity";

const local = process.env.LOCAL_AGENT;

export const localAgents: DirectoryKeysOptions = {
  fetch: async (origin, path, signal) => {
    if (origin !== local) return fetchWellKnown(origin, path, signal);
    const request = { method: "GET", url: origin + path, fields: [] };
    const response = await fetch(request.url, { signal, redirect: "error" });
    return { status: response.status, fields: [...response.headers], body: await response.text(), request };
  },
};
