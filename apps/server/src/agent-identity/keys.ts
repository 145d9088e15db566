/** The keys of this home's agent: all come from one file, made on first use, that only its owner can read. */
import { join } from "node:path";
import { derivedKey, disclosureKey, openSecret, type SigningKey } from "@candor/agent-identity";
import { keyFolder } from "@candor/store";

export class AgentKeys {
  readonly #path: string;
  #secret: Uint8Array | undefined;
  #request: SigningKey | undefined;

  constructor(home: string) {
    // Servers that share runs are one agent.
    this.#path = join(keyFolder(home), "agent.secret");
  }

  /** Signs requests; published in the directory. */
  get request(): SigningKey {
    this.#request ??= derivedKey(this.#open(), "requests");
    return this.#request;
  }

  /** The operator's: signs the agent card, and lets runs act. */
  get operator(): SigningKey {
    return derivedKey(this.#open(), "operator");
  }

  /** A run's own: lets its children act. */
  run(run: string): SigningKey {
    return derivedKey(this.#open(), `run ${run}`);
  }

  /** Makes and checks the codes in messages. */
  get disclosure(): Uint8Array {
    return disclosureKey(this.#open());
  }

  #open(): Uint8Array {
    this.#secret ??= openSecret(this.#path);
    return this.#secret;
  }
}
