/**
 * Sends traces to an OpenTelemetry collector over HTTP, as the standard environment variables say
 * (OpenTelemetry specification, "OTLP Exporter Configuration"; OTLP/HTTP, "Failures").
 */
import { setTimeout as sleep } from "node:timers/promises";
import { badInput } from "../failure.ts";
import type { Trace } from "./wire.ts";

export interface Collector {
  url: string;
  headers: Record<string, string>;
  /** Whether thoughts, arguments and results go along. */
  content: boolean;
}

const ATTEMPTS = 4;
const TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 5_000;
const AGAIN = new Set([429, 502, 503, 504]);

/** @returns undefined when no collector is named @throws {Failure} of exit code 2 when its address is none */
export function collectorOf(env: NodeJS.ProcessEnv): Collector | undefined {
  const traces = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const given = traces || (base && `${base.replace(/\/+$/, "")}/v1/traces`);
  if (!given) return undefined;
  const url = URL.parse(given);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw badInput("OTEL_EXPORTER_OTLP_ENDPOINT is no http address", "For one on this machine: http://127.0.0.1:4318");
  const headers = env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || "";
  return {
    url: url.href,
    headers: Object.fromEntries(
      headers.split(",").flatMap((pair) => {
        const at = pair.indexOf("=");
        const name = pair.slice(0, Math.max(at, 0)).trim();
        return name ? [[name, decodeURIComponent(pair.slice(at + 1).trim())]] : [];
      }),
    ),
    content: env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.toLowerCase() === "true",
  };
}

/** @throws {Error} in one line, without the headers, when the collector does not take it within a few attempts */
export async function push(collector: Collector, trace: Trace, signal?: AbortSignal): Promise<void> {
  const body = JSON.stringify(trace);
  for (let attempt = 1; ; attempt++) {
    const answer = await send(collector, body, signal);
    if (answer === "taken") return;
    if (attempt === ATTEMPTS || !answer.again)
      throw new Error(`the collector ${new URL(collector.url).host} ${answer.why}`);
    await sleep(Math.min(answer.waitMs ?? 2 ** attempt * 100, LONGEST_WAIT_MS), undefined, signal ? { signal } : {});
  }
}

async function send(
  { url, headers }: Collector,
  body: string,
  signal?: AbortSignal,
): Promise<"taken" | { why: string; again: boolean; waitMs?: number }> {
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    await response.body?.cancel();
    if (response.ok) return "taken";
    const wait = Number(response.headers.get("retry-after"));
    return {
      why: `answered ${response.status}`,
      again: AGAIN.has(response.status),
      ...(wait > 0 && { waitMs: wait * 1_000 }),
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { why: "does not answer", again: true };
  }
}
