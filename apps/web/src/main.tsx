/** Where the pages begin: a session for whoever came with a token, then the router. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries.ts";
import { tradeToken } from "./api/session.ts";
import { router } from "./app/router.tsx";
import { applyTheme } from "./app/theme.ts";
import "./app/style.css";

applyTheme();
// The page is fetched while the token is traded.
await Promise.all([tradeToken(), router.preloadRoute({ to: location.pathname }).catch(() => {})]);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
