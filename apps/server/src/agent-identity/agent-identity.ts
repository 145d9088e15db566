/** Who this Candor is to others: its signed requests, directory, agent card and disclosures, and the check of all of these. */
import type { Network } from "@candor/agent";
import {
  type AgentCard,
  directoryResponse,
  disclosureLine,
  PROFILE,
  type RequestMessage,
  signCard,
  signRequest,
} from "@candor/agent-identity";
import type { EventLog, WorldConfig } from "@candor/store";
import type { Config } from "../config.ts";
import { badInput } from "../failure.ts";
import { nobody, operatorOf, persona } from "../operator.ts";
import type { Towns } from "../towns.ts";
import { VERSION } from "../version.ts";
import { Delegations } from "./delegations.ts";
import { AgentKeys } from "./keys.ts";
import type { AgentView, DelegationView } from "./schemas.ts";
import { TOWN_AGENT } from "./town-agent.ts";
import { userAgent } from "./user-agent.ts";

const DELEGATION = "agent-delegation";
/** What it says of itself where nobody configured more. */
const UNNAMED = "its operator";

export interface AgentIdentityOptions {
  home: string;
  config: Config;
  log: EventLog;
  towns: Towns;
}

export class AgentIdentity {
  readonly keys: AgentKeys;
  readonly delegations: Delegations;
  readonly #options: AgentIdentityOptions;

  constructor(options: AgentIdentityOptions) {
    this.#options = options;
    this.keys = new AgentKeys(options.home);
    this.delegations = new Delegations(this.keys, options.log, (world) => this.operatorIn(world));
  }

  /** Who answers for runs in a world: in a town its persona, on the web whoever the home belongs to. */
  async operatorIn(world: WorldConfig): Promise<string> {
    if (world.kind === "web") return this.operator;
    const { town, release } = await this.#options.towns.use(world);
    try {
      return persona(town).seeds.names[0] ?? UNNAMED;
    } finally {
      release();
    }
  }

  /** On messages to the operator their own name may stand; what is published says only what was configured. */
  get operator(): string {
    const { home, config } = this.#options;
    return config.agent.operator ?? (operatorOf(home) ?? nobody()).seeds.names[0] ?? UNNAMED;
  }

  view(): AgentView {
    const { agent } = this.#options.config;
    return {
      operator: this.operator,
      userAgent: userAgent(this.#options.config),
      keyid: this.keys.request.public.keyid,
      operatorKey: this.keys.operator.public.keyid,
      ...(agent.url && { url: agent.url }),
      profile: PROFILE.revision,
    };
  }

  /**
   * Signs what a run sends. In a town the chain of delegations goes along, so that the town can tell whose run it is; to the
   * sites of the web that is nobody's business.
   */
  signer(run: string, world: WorldConfig["kind"]): NonNullable<Network["sign"]> {
    const { agent } = this.#options.config;
    let chain: { value: Promise<string>; renewAt: number } | undefined;
    return async (request) => {
      const key = this.keys.request;
      if (world === "web") return signRequest(request, { key, ...(agent.url && { agent: agent.url }) });
      if (chain === undefined || chain.renewAt <= Date.now())
        chain = { value: this.delegations.issue(run), renewAt: Date.now() + RENEW_MS };
      return signRequest(request, { key, agent: TOWN_AGENT, fields: { [DELEGATION]: await chain.value } });
    };
  }

  /** What makes the last line of a message. */
  disclosure(operator: string): (text: string, reference: string) => string {
    return (text, reference) => disclosureLine(text, { operator, reference }, this.keys.disclosure);
  }

  directory(request: RequestMessage): ReturnType<typeof directoryResponse> {
    return directoryResponse(request, [this.keys.request], Date.now());
  }

  /** @param base this server's own origin, as it was asked for */
  async card(base: string): Promise<AgentCard> {
    const { agent } = this.#options.config;
    const url = agent.url ?? base;
    return signCard(
      {
        name: "Candor",
        description:
          "An AI agent that finds out what the web shows about its own operator, and about nobody else. It takes no tasks from strangers.",
        version: VERSION,
        provider: { organization: agent.operator ?? UNNAMED, url },
        supportedInterfaces: [{ url: `${url}/openapi.json`, protocolBinding: "OPENAPI", protocolVersion: "3.1" }],
        capabilities: { streaming: false, pushNotifications: false },
        defaultInputModes: ["application/json"],
        defaultOutputModes: ["application/json", "text/plain"],
        skills: [
          {
            id: "self-audit",
            name: "Self-audit",
            description: "Finds profiles, phone numbers and other facts about its operator, and how to take them down.",
            tags: ["privacy"],
          },
        ],
      },
      // The key that the directory at the same address lists: whoever reads the card can find it.
      this.keys.request,
      `${url}${PROFILE.directory.path}`,
    );
  }

  async delegation(run: string): Promise<DelegationView> {
    const chain = await this.delegations.issue(run);
    const verdict = await this.delegations.verify(chain);
    if (!verdict.ok) throw badInput(verdict.reason);
    const { operator, runs, scopes, expires } = verdict;
    return { operator, runs, scopes, expires, chain };
  }
}

/** Half of a chain's life. */
const RENEW_MS = 300_000;
