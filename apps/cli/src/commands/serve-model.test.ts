import { rmSync } from "node:fs";
import { createInference, readAnswer } from "@candor/agent";
import { serveModel } from "@candor/model-server";
import { tinyModel } from "@candor/model-server/testing";
import { expect, test } from "vitest";

test("Candor's own llm mind decides by a model that Candor serves", async () => {
  const folder = await tinyModel({}, 2048);
  await using server = await serveModel(folder, { port: 0, name: "tiny", threads: 1, alwaysCall: true });
  const config = { kind: "llm", model: "openai-compatible:tiny", baseUrl: server.baseUrl } as const;
  const result = await createInference(config, {}).infer(
    {
      system: "You drive an agent.",
      messages: [{ role: "user", content: "Choose the next action." }],
      tools: [
        {
          name: "open",
          description: "Opens a page.",
          effect: "read",
          parameters: {
            type: "object",
            properties: { url: { type: "string", maxLength: 20 } },
            required: ["url"],
            additionalProperties: false,
          },
        },
        {
          name: "finish",
          description: "Ends the run.",
          effect: "read",
          parameters: {
            type: "object",
            properties: { summary: { type: "string", maxLength: 20 } },
            required: ["summary"],
            additionalProperties: false,
          },
        },
      ],
      maxTokens: 200,
    },
    new AbortController().signal,
  );
  const { tool, args } = readAnswer(result);
  expect(["open", "finish"]).toContain(tool);
  expect(args).toEqual({ [tool === "open" ? "url" : "summary"]: expect.any(String) });
  expect(result.tokens).toBeGreaterThan(20);
  rmSync(folder, { recursive: true });
});
