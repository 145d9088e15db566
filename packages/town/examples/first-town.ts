import { GRADER_VERSION, loadSpec, scoreRun, startTownInWorker, townTruth } from "@candor/town";

// Serve the town of a seed (or `spec: "path/to/town.json"`), and ask its search engine.
const town = await startTownInWorker({ seed: 7, inbox: "/tmp/first-town/inbox.jsonl" });
const { name } = town.truth.persona;
const base = `http://127.0.0.1:${town.port}`;
const answer = await fetch(`${base}/~/search.example/search?format=json&q=${encodeURIComponent(`"${name}"`)}`);
const { results } = (await answer.json()) as { results: { url: string }[] };
console.log(`${town.hosts.length} hosts; ${results.length} results for ${name} on the first page`);
await town.close();

// Grade what an agent found.
const harbour = townTruth(await loadSpec(`${import.meta.dirname}/harbour`));
const findings = [{ id: "1", kind: "phone", value: "phone 2", urls: ["http://gigs.example/newsletter/41"] }];
const score = scoreRun(harbour, { findings, requests: [], actions: [], texts: [] });
console.log(
  `${GRADER_VERSION}: precision ${score.precision}, recall ${score.recall.toFixed(2)}, phone ${score.phone_found}`,
);
