/** Test keys and messages of RFC 9421, appendix B. Everybody has these keys. */
import { signingKey } from "../keys/signing-key.ts";
import type { RequestMessage } from "../messages/message.ts";

/** B.1.4 */
export const TEST_KEY_ED25519 = signingKey(Buffer.from("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU", "base64url"));

/** B.2 */
export const TEST_REQUEST: RequestMessage = {
  method: "POST",
  url: "https://example.com/foo?param=Value&Pet=dog",
  fields: [
    ["Host", "example.com"],
    ["Date", "Tue, 20 Apr 2021 02:07:55 GMT"],
    ["Content-Type", "application/json"],
    [
      "Content-Digest",
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ],
    ["Content-Length", "18"],
  ],
};
export const TEST_BODY = '{"hello": "world"}';
