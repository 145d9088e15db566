/** Addresses and their pages. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Empty, Loading, Trouble } from "../pages/parts.tsx";
import { pages } from "./pages.ts";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <main>
      <Empty title="No such page" text="The address may be mistyped. The pages are listed at the top." />
    </main>
  ),
});

/** What may stand behind the question mark: two runs to compare, the step, training or model to look at, and which way. */
interface Search {
  a?: string;
  b?: string;
  step?: number;
  id?: string;
  tab?: string;
  head?: string;
  finding?: string;
}

const search = ({ a, b, step, id, tab, head, finding }: Record<string, unknown>): Search => ({
  ...(typeof a === "string" && { a }),
  ...(typeof b === "string" && { b }),
  ...(typeof id === "string" && { id }),
  ...(typeof tab === "string" && { tab }),
  ...(typeof finding === "string" && { finding }),
  ...((typeof head === "string" || typeof head === "number") && { head: String(head) }),
  ...(Number.isSafeInteger(step) && { step: Number(step) }),
});

const page = <P extends string>(path: P, name: string) =>
  createRoute({
    validateSearch: search,
    getParentRoute: () => rootRoute,
    path,
    component: lazyRouteComponent(
      pages.get(name) ?? (() => Promise.reject(new Error(`there is no page ${name}`))),
      "Page",
    ),
    pendingComponent: () => <Loading />,
    errorComponent: ({ error }) => (
      <main>
        <Trouble error={error} />
      </main>
    ),
  });

const routeTree = rootRoute.addChildren([
  page("/", "home"),
  page("/runs/$run", "run"),
  page("/runs/$run/findings", "findings"),
  page("/runs/$run/explain", "explain"),
  page("/runs/$run/map", "town"),
  page("/findings", "findings"),
  page("/compare", "compare"),
  page("/permissions", "permissions"),
  page("/judgments", "judgments"),
  page("/training", "training"),
  page("/lens", "lens"),
  page("/api-reference", "api"),
]);

export const router = createRouter({ routeTree, defaultPreload: "intent" });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
