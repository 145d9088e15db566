/** Sessions of the pages: a cookie that says until when, authenticated by the server's token, so that it outlives a restart. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A working day. */
export const SESSION_MS = 12 * 3_600_000;

/** A cookie's value for whoever has shown `token`. */
export function newSession(token: string, now: number): string {
  const body = `${now + SESSION_MS}.${randomBytes(12).toString("base64url")}`;
  return `${body}.${seal(token, body)}`;
}

export type SessionState = "valid" | "expired" | "wrong";

export function readSession(token: string, value: string, now: number): SessionState {
  const at = value.lastIndexOf(".");
  const body = value.slice(0, at);
  if (at < 0 || !sameText(value.slice(at + 1), seal(token, body))) return "wrong";
  return Number.parseInt(body, 10) > now ? "valid" : "expired";
}

export function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

const seal = (token: string, body: string): string =>
  createHmac("sha256", token).update(`candor session ${body}`).digest("base64url");
