/** What every route is made of. */
import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Service } from "../service.ts";

/** Adds the routes of one area to the API. */
export type Routes = (app: OpenAPIHono, service: Service) => void;

export const json = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } } });
export const ok = <S extends z.ZodType>(schema: S, description: string) => ({
  200: { ...json(schema), description },
});
export const Nothing = z.object({}).openapi("Nothing");
/** The whole id of a run, or an unambiguous beginning of one. */
export const runParam = z.object({ run: z.string().min(1).max(60) });
/** Who asks, for the log. */
export const byWhom = (c: Context): string => c.req.header("x-candor-by") ?? "api";
