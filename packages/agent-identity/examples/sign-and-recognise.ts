import { mkdtempSync } from "node:fs";
import { createRecogniser, derivedKey, openSecret, signRequest } from "@candor/agent-identity";

// The agent: one secret in a file of its owner's, one key for its requests.
const home = mkdtempSync("/tmp/agent-");
const key = derivedKey(openSecret(`${home}/agent.secret`), "requests");
const request = { method: "GET", url: "https://site.example/page" };
const headers = signRequest(request, { key, agent: "https://agent.example" });

// The site: whose key is that? Middleware asks the directory that the request names.
const keys = { find: async () => ({ key: key.public, operator: "Ada Quill" }) };
const { recognise } = createRecogniser({ keys });
const seen = await recognise({ ...request, fields: Object.entries(headers) });
console.log(seen.status === "declared" ? `an agent of ${seen.operator}` : seen.reason);
