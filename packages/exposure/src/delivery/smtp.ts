/** E-mail over SMTP. */
import { createTransport } from "nodemailer";
import type { Transport } from "./transport.ts";

export interface SmtpOptions {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  secure?: boolean;
  /** Refuses a server that offers no TLS. Default true; turn it off for a server on loopback. */
  requireTls?: boolean;
  user?: string;
  password?: string;
  /** The sender's address. */
  from: string;
  timeoutMs?: number;
}

/** Commands before the message itself: what fails in them was not sent. */
const BEFORE_MESSAGE = new Set(["CONN", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL FROM", "RCPT TO", "API"]);
const NOT_SENT = new Set([
  "EAUTH",
  "ENOAUTH",
  "EENVELOPE",
  "EDNS",
  "ETLS",
  "ECONNECTION",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EOAUTH2",
  "EREQUIRETLS",
]);

export function smtp(options: SmtpOptions): Transport {
  const name = "smtp";
  const timeout = options.timeoutMs ?? 15_000;
  return {
    name,
    reaches: "e-mail",
    limit: 20_000,
    async send(to, { subject, body }, signal) {
      if (signal.aborted) return { status: "error", via: name, reason: "it was stopped" };
      const transport = createTransport({
        host: options.host,
        port: options.port,
        secure: options.secure ?? false,
        requireTLS: options.requireTls ?? true,
        ...(options.user === undefined ? {} : { auth: { user: options.user, pass: options.password ?? "" } }),
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const stop = () => transport.close();
      signal.addEventListener("abort", stop, { once: true });
      try {
        const sent = await transport.sendMail({ from: options.from, to: to ?? "", subject, text: body });
        return { status: "ok", via: name, id: sent.messageId };
      } catch (error) {
        const {
          code = "",
          command = "",
          responseCode,
        } = error as { code?: string; command?: string; responseCode?: number };
        // A server that answers 4xx or 5xx to the message has refused it.
        const unsent =
          NOT_SENT.has(code) || BEFORE_MESSAGE.has(command) || (responseCode !== undefined && responseCode >= 400);
        const detail = [code, responseCode].filter(Boolean).join(" ");
        const reason = unsent
          ? `the mail server did not take the message (${detail || "no connection"})`
          : `the connection was lost (${detail || "no answer"})`;
        return { status: unsent ? "error" : "unknown", via: name, reason };
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    },
    arrived: async () => null,
  };
}
