/** The session: whoever shows the token once gets a cookie that scripts cannot read. */
import { api } from "./client.ts";

/** Trades `#token=...` of the address for a session, and takes it out of the address and the history. */
export async function tradeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  // A wrong token shows as a missing session: the shell then asks for the right one.
  await signIn(token).catch(() => {});
}

export const signIn = (token: string): Promise<object> => api.post("/api/session", { token });
