/** Serves the pages that `npm run build -w @candor/web` made. Any address that is no file of theirs is the app itself. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveStatic } from "@hono/node-server/serve-static";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { compress } from "hono/compress";

export const PAGES = fileURLToPath(new URL("../../web/dist", import.meta.url));

const NOT_PAGES = /^\/(?:api|openapi\.json|\.well-known)(?:\/|$)/;

export function pages(app: OpenAPIHono, folder = PAGES): void {
  app.get("*", async (c, next) => {
    if (NOT_PAGES.test(c.req.path)) return next();
    // Built while the server is up, they are there with the next request.
    if (!existsSync(join(folder, "index.html")))
      return c.text("The pages are not built yet: npm run build -w @candor/web\n", 503);
    if (isFile(c.req.path)) {
      await compress()(c, async () => {
        c.res = (await serveStatic({ root: folder, precompressed: true })(c, async () => {})) ?? (await c.notFound());
      });
      // The names of assets hold a hash of their contents.
      const kept = c.res.ok && c.req.path.startsWith("/assets/");
      c.res.headers.set("cache-control", kept ? "public, max-age=31536000, immutable" : "no-cache");
      return undefined;
    }
    c.header("cache-control", "no-cache");
    return c.html(readFileSync(join(folder, "index.html"), "utf8"));
  });
}

const isFile = (path: string): boolean => /\.\w+$/.test(path);
