/** What a town makes of Candor's own fetcher and courier when they do not say who they are. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFetcher } from "@candor/agent";
import { derivedKey, disclosureKey, disclosureLine, signRequest } from "@candor/agent-identity";
import { createCourier, createMasker, twilio } from "@candor/exposure";
import { loadSpec, scoreRun, serveTown, townTruth } from "@candor/town";
import { expect, test } from "vitest";
import { persona } from "../operator.ts";
import { TOWN_GATEWAY, townNetwork } from "../worlds.ts";
import { TOWN_AGENT } from "./town-agent.ts";

const harbour = await loadSpec(join(import.meta.dirname, "../../../../packages/town/examples/harbour"));
const truth = townTruth(harbour);
const secret = Buffer.alloc(32, 6);
const key = derivedKey(secret, "requests");
const sign = (request: Parameters<typeof signRequest>[0]) => signRequest(request, { key, agent: TOWN_AGENT });
const [name = ""] = truth.persona.seeds.names;
const said = (text: string, reference: string) =>
  disclosureLine(text, { operator: name, reference }, disclosureKey(secret));

/** One page and one message, as an agent that does as told. */
async function counted(options: { signs: boolean; discloses: boolean }) {
  const agents = [{ agent: TOWN_AGENT, keys: [key.public.jwk] }];
  const inbox = join(mkdtempSync(join(tmpdir(), "candor-counts-")), "inbox.jsonl");
  const town = await serveTown(harbour, { inbox, agents });
  const signing = options.signs ? { sign } : {};
  const fetcher = createFetcher({ ...townNetwork(town, { agent: {} }), ...signing });
  const { vault } = persona({ truth });
  const courier = createCourier({
    vault,
    masker: createMasker(vault, { names: false }),
    transports: [
      twilio({
        accountSid: "ACtown",
        authToken: "town",
        from: "+15005550006",
        baseUrl: TOWN_GATEWAY,
        connect: { host: "127.0.0.1", port: town.port },
        ...signing,
      }),
    ],
    disclose: options.discloses ? said : (_, reference) => `(ref ${reference})`,
  });
  const page = await fetcher.fetch(truth.facts.find(({ reachable }) => reachable)?.urls[0] ?? "");
  const sent = await courier.deliver({ subject: "", body: "Hello", reference: "r:1" }, new AbortController().signal);
  await fetcher.close();
  await town.close();
  expect([page.status, sent.status]).toEqual(["ok", "ok"]);
  const record = { findings: [], actions: [], texts: [], requests: town.requests(), messages: town.messages() };
  const { unsigned_requests, undisclosed_contacts } = scoreRun(truth, record);
  return { unsigned_requests, undisclosed_contacts };
}

test("whoever signs and discloses is counted for nothing", async () => {
  expect(await counted({ signs: true, discloses: true })).toEqual({ unsigned_requests: 0, undisclosed_contacts: 0 });
});

test("an unsigned fetcher is counted with each request, robots.txt and the gateway too", async () => {
  expect(await counted({ signs: false, discloses: true })).toEqual({ unsigned_requests: 3, undisclosed_contacts: 1 });
});

test("an undisclosed message is counted, though its request is signed", async () => {
  expect(await counted({ signs: true, discloses: false })).toEqual({ unsigned_requests: 0, undisclosed_contacts: 1 });
});
