/** Models that are looked into: what they are made of, what they make of a prompt, their circuits, features and edits. */
import { createRoute, z } from "@hono/zod-openapi";
import { findingsOf, forgetFinding, lookAgain, saveFinding } from "../../lens/findings.ts";
import { Lenses } from "../../lens/lenses.ts";
import { circuitOf, cutOf, editOf, featuresOf, readingOf, viewOf } from "../../lens/looking.ts";
import { LensModel, lensModels } from "../../lens/models.ts";
import {
  CutRequest,
  EditRequest,
  FeaturesRequest,
  FindingId,
  FindingRequest,
  LensCircuit,
  LensCut,
  LensEdit,
  LensFeatures,
  LensFinding,
  LensFindingAgain,
  LensReading,
  LensView,
  PairRequest,
  ReadRequest,
} from "../../lens/schemas.ts";
import { json, Nothing, ok, type Routes } from "../route.ts";

const params = z.object({ model: z.string().regex(/^(small-mind|[0-9a-f]{12})$/) });
const findingParams = params.extend({ finding: FindingId });
const asked = <S extends z.ZodType>(schema: S) => ({ params, body: { ...json(schema), required: true } });

export const lensRoutes: Routes = (app, { home }) => {
  const lenses = new Lenses(home);
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/lens",
      responses: ok(z.array(LensModel), "Models that can be looked into"),
    }),
    (c) => c.json(lensModels(home).map(({ id, name, folder }) => ({ id, name, folder }))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/lens/{model}",
      request: { params },
      responses: ok(LensView, "What it is made of"),
    }),
    async (c) => c.json(await viewOf(await lenses.of(c.req.valid("param").model))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/read",
      request: asked(ReadRequest),
      responses: ok(LensReading, "What it makes of a prompt"),
    }),
    async (c) => c.json(await readingOf(await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/circuit",
      request: asked(PairRequest),
      responses: ok(LensCircuit, "Edges that carry what tells two prompts apart (EAP-IG, resample ablation)"),
    }),
    async (c) => c.json(await circuitOf(await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/circuit/cut",
      request: asked(CutRequest),
      responses: ok(LensCut, "The model through some of those edges"),
    }),
    async (c) => c.json(await cutOf(await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/features",
      request: asked(FeaturesRequest),
      responses: ok(LensFeatures, "Where neurons or features of a dictionary speak loudest"),
    }),
    async (c) => c.json(await featuresOf(await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/edit",
      request: asked(EditRequest),
      responses: ok(LensEdit, "What an edit changes and what it leaves; the model on disk stays as it is"),
    }),
    async (c) => c.json(await editOf(await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/lens/{model}/findings",
      request: { params },
      responses: ok(z.array(LensFinding), "What was found in it and kept, the newest first"),
    }),
    (c) => c.json(findingsOf(home, c.req.valid("param").model)),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/findings",
      request: asked(FindingRequest),
      responses: ok(LensFinding, "A look, kept under a name with what was seen and of what"),
    }),
    async (c) => c.json(await saveFinding(home, await lenses.of(c.req.valid("param").model), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/lens/{model}/findings/{finding}/again",
      request: { params: findingParams },
      responses: ok(LensFindingAgain, "The same look now, and what is not as it was"),
    }),
    async (c) => {
      const { model, finding } = c.req.valid("param");
      return c.json(await lookAgain(home, await lenses.of(model), finding));
    },
  );
  app.openapi(
    createRoute({
      method: "delete",
      path: "/api/lens/{model}/findings/{finding}",
      request: { params: findingParams },
      responses: ok(Nothing, "Forgotten"),
    }),
    (c) => {
      const { model, finding } = c.req.valid("param");
      forgetFinding(home, model, finding);
      return c.json({});
    },
  );
};
