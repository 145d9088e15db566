/** The routes of OpenAI's API that a model can answer. */
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { ApiError, apiErrorOf, errorBody } from "./api-error.ts";
import { bodyOf } from "./body.ts";
import { border } from "./border.ts";
import { chat } from "./chat.ts";
import { completions } from "./completions.ts";
import { ChatRequest, CompletionRequest } from "./requests.ts";
import { respond } from "./respond.ts";
import type { ServedModel } from "./served-model.ts";

export interface AppOptions {
  /** Asked of every request, where it is given. */
  key?: string;
  /** Where tools are offered, every answer calls one. */
  alwaysCall?: boolean;
}

export function modelApp(model: ServedModel, { key, alwaysCall = false }: AppOptions = {}): Hono {
  const app = new Hono();
  border(app, key);
  const described = {
    id: model.name,
    object: "model",
    created: model.created,
    owned_by: "candor",
    context_length: model.context,
  };
  const named = (name: string): void => {
    if (name !== model.name)
      throw new ApiError(404, `There is no model ${name} here; there is ${model.name}`, {
        param: "model",
        code: "model_not_found",
      });
  };
  app.get("/v1/models", (c) => c.json({ object: "list", data: [described] }));
  app.get("/v1/models/:name", (c) => {
    named(c.req.param("name"));
    return c.json(described);
  });
  app.post("/v1/chat/completions", async (c) => {
    const request = ChatRequest.parse(await bodyOf(c.req));
    named(request.model);
    return respond(c, model.scheduler, chat(model, request, alwaysCall));
  });
  app.post("/v1/completions", async (c) => {
    const request = CompletionRequest.parse(await bodyOf(c.req));
    named(request.model);
    return respond(c, model.scheduler, completions(model, request));
  });
  app.notFound((c) => c.json(errorBody(new ApiError(404, `There is no ${c.req.method} ${c.req.path}`)), 404));
  app.onError((thrown, c) => {
    // The key's check answers by itself.
    if (thrown instanceof HTTPException) return thrown.getResponse();
    const error = apiErrorOf(thrown);
    return c.json(errorBody(error), error.status);
  });
  return app;
}
