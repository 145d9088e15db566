/**
 * Who may talk to the API. Three ways in: the server's token as a bearer (the command line), a session cookie (the pages),
 * or a token of a narrower role (a rater's), which opens the paths of that role only.
 */
import type { Context, MiddlewareHandler, Next } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { newSession, readSession, SESSION_MS, sameText } from "./session.ts";

/** Somebody whose token opens some paths only. */
export interface Role {
  name: string;
  paths: RegExp;
}

export interface AccessOptions {
  token: string;
  /** Cookies know no ports: the name keeps two servers of one machine apart. */
  cookie: string;
  /** Finds whose token it is, when it is not the server's. */
  roleOf?(token: string): Promise<Role | undefined>;
}

declare module "hono" {
  interface ContextVariableMap {
    /** `operator`, or the name of a role. */
    caller: string;
  }
}

/** Sent by the pages with every request that changes something: another site's form cannot send it. */
export const CSRF_HEADER = "x-candor-csrf";

/** Marks the cookie of a role. */
const ROLE = "role.";
/** Says who asks; open to every role. */
export const WHOAMI = "/api/whoami";

const refused = (c: Context, error: string, hint: string, status: 401 | 403 = 401) =>
  c.json({ error, hint, exit: 1 }, status);

const HOW = "Open the pages by candor open; the command line finds the token by itself.";

export function access(options: AccessOptions): MiddlewareHandler {
  const { token, cookie, roleOf } = options;
  return async (c, next) => {
    const bearer = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1];
    if (bearer !== undefined) {
      if (sameText(bearer, token)) {
        c.set("caller", "operator");
        return next();
      }
      const role = await roleOf?.(bearer);
      return role ? enter(c, next, role) : refused(c, "the token is wrong", HOW);
    }
    const session = getCookie(c, cookie);
    if (session === undefined) return refused(c, "a token is missing", HOW);
    const role = session.startsWith(ROLE) ? await roleOf?.(session.slice(ROLE.length)) : undefined;
    const state = role ? "valid" : readSession(token, session, Date.now());
    if (state !== "valid") return refused(c, `this session is ${state === "expired" ? "over" : "not known"}`, HOW);
    if (c.req.method !== "GET" && c.req.method !== "HEAD") {
      const site = c.req.header("sec-fetch-site");
      if (c.req.header(CSRF_HEADER) !== "1" || (site !== undefined && site !== "same-origin" && site !== "none"))
        return refused(c, "this request did not come from Candor's own pages", "", 403);
    }
    if (role) return enter(c, next, role);
    c.set("caller", "operator");
    return next();
  };
}

function enter(c: Context, next: Next, { name, paths }: Role): Promise<void> | Response {
  if (c.req.path !== WHOAMI && !paths.test(c.req.path))
    return refused(c, "this token does not open this address", "", 403);
  c.set("caller", name);
  return next();
}

/** Gives a session to whoever shows a token, the server's or a role's; null when it is neither. */
export async function openSession(
  c: Context,
  options: AccessOptions,
  given: string,
): Promise<{ until: number } | null> {
  const own = sameText(given, options.token);
  if (!own && !(await options.roleOf?.(given))) return null;
  const now = Date.now();
  // A role's token is asked about with each request, so that taking it back ends its sessions too.
  setCookie(c, options.cookie, own ? newSession(options.token, now) : ROLE + given, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge: SESSION_MS / 1_000,
    secure: new URL(c.req.url).protocol === "https:",
  });
  return { until: now + SESSION_MS };
}
