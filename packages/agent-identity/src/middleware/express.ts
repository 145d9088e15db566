/** Recognises declared agents in an Express app. */
import type { RequestHandler } from "express";
import { fieldsOfRaw } from "../messages/message.ts";
import type { Recognition } from "../web-bot-auth/judge-request.ts";
import { type RecogniseOptions, recogniserOf } from "./options.ts";

declare module "express-serve-static-core" {
  interface Request {
    agent: Recognition;
  }
}

/**
 * Says of each request whether a declared agent sent it; lets every request pass. A body counts as unread unless
 * `express.raw()` came before.
 *
 * @example
 * app.use(recogniseAgents());
 * app.get("/", (req, res) => res.send(req.agent.status));
 */
export function recogniseAgents(options: RecogniseOptions = {}): RequestHandler {
  const recogniser = recogniserOf(options);
  return (req, _res, next) => {
    const body: unknown = req.body;
    const target = /^https?:/i.test(req.originalUrl) ? req.originalUrl : `${origin(req)}${req.originalUrl}`;
    recogniser
      .recognise({
        method: req.method,
        url: target,
        fields: fieldsOfRaw(req.rawHeaders),
        ...(body instanceof Uint8Array && { body }),
      })
      .then((agent) => {
        req.agent = agent;
        next();
      }, next);
  };
}

/** Put together rather than resolved: a path that begins with two slashes would name another host. */
const origin = (req: Parameters<RequestHandler>[0]): string => `${req.protocol}://${req.headers.host ?? ""}`;
