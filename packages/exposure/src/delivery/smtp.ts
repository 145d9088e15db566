/** E-mail over SMTP. */
import { Transform } from "node:stream";
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
      let leaving = false;
      transport.use("stream", (mail, done) => {
        mail.message.transform(
          () =>
            new Transform({
              transform(chunk, _encoding, next) {
                leaving = true;
                next(null, chunk);
              },
            }),
        );
        done();
      });
      const stop = () => transport.close();
      signal.addEventListener("abort", stop, { once: true });
      try {
        const sent = await transport.sendMail({ from: options.from, to: to ?? "", subject, text: body });
        return { status: "ok", via: name, id: sent.messageId };
      } catch (error) {
        const { code = "", responseCode } = error as { code?: string; responseCode?: number };
        // Nothing of the message had left, or the server has answered that it does not take it.
        const unsent = !leaving || responseCode !== undefined || code === "EENVELOPE" || code === "EAUTH";
        const detail = [code, responseCode].filter(Boolean).join(" ");
        return unsent
          ? {
              status: "error",
              via: name,
              reason: `the mail server did not take the message (${detail || "no connection"})`,
            }
          : { status: "unknown", via: name, reason: `the connection was lost (${detail || "no answer"})` };
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    },
    arrived: async () => null,
  };
}
