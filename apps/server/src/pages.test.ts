import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "candor-pages-"));
const app = new OpenAPIHono();
app.get("/api/known", (c) => c.text("answer"));
pages(app, folder);
const get = (path: string) => app.request(`http://127.0.0.1${path}`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("say that they are not built", async () => {
  const answer = await get("/");
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain("npm run build");
});

describe("once built", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<title>Candor</title>");
    writeFileSync(join(folder, "assets/app-1.js"), "let a;");
    writeFileSync(`${folder}-secret.txt`, "secret");
  });
  afterAll(() => rmSync(`${folder}-secret.txt`, { force: true }));

  test.each(["/", "/runs/r-1", "/judgments"])("%s is the app", async (path) => {
    const answer = await get(path);
    expect(await answer.text()).toContain("Candor");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  test("files are served, for long when their name holds their hash", async () => {
    const answer = await get("/assets/app-1.js");
    expect(await answer.text()).toBe("let a;");
    expect(answer.headers.get("content-type")).toContain("javascript");
    expect(answer.headers.get("cache-control")).toContain("immutable");
  });

  test.each([
    "/assets/none.js",
    "/../secret.txt",
    `/..%2f${folder.split("/").at(-1)}-secret.txt`,
    "/%2e%2e/secret.txt",
  ])("%s is not there", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain("secret");
  });

  test("the API is not theirs", async () => {
    expect(await (await get("/api/known")).text()).toBe("answer");
    expect((await get("/api/unknown")).status).toBe(404);
  });
});
