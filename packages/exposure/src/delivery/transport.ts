/** A way to reach the operator: what every transport offers, and how its answers are judged. */
import type { DeliveryOutcome } from "@candor/agent";

export interface Outgoing {
  subject: string;
  /** Plain text that holds the short reference. */
  body: string;
}

export interface Transport {
  /** `twilio`, `smtp`, `ntfy` or `inbox`. */
  name: string;
  /** The kind of sealed value it sends to; `none` for a place that is configured, not sealed. */
  reaches: "phone" | "e-mail" | "none";
  /** Longest body in characters. */
  limit: number;
  /**
   * Sends once.
   * `error`: surely not sent. `unknown`: it may have been, because the answer was lost after the request had left.
   * A reason never quotes the destination.
   */
  send(to: string | null, message: Outgoing, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** Whether a message that holds `reference` arrived; null where that cannot be told. */
  arrived(to: string | null, reference: string): Promise<boolean | null>;
}
