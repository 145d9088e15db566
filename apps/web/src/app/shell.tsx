/** What stands around every page: where one can go, whether the server answers, and the stop button, always in view. */
import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { useHealth } from "../api/queries.ts";
import { Announcements } from "../ui/announce.tsx";
import { Connection } from "./connection.tsx";
import { MainNav, RunNav } from "./nav.tsx";
import { SignIn } from "./sign-in.tsx";
import { StopButton } from "./stop-button.tsx";
import { ThemeMenu } from "./theme-menu.tsx";

export function Shell() {
  const { run } = useParams({ strict: false });
  const health = useHealth();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const lockedOut = health.error instanceof ApiError && health.error.status === 401;
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-card focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-30 border-b bg-card">
        <div className="flex h-13 items-center gap-2 px-3 sm:gap-4 sm:px-4">
          <MainNav />
          <div className="ml-auto flex items-center gap-1 sm:gap-2">
            <Connection error={isReached(health.error) ? null : health.error} pending={health.isPending} />
            <ThemeMenu />
            <StopButton run={run} />
          </div>
        </div>
        {run && <RunNav run={run} />}
      </header>
      <div id="content" key={path} tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        {lockedOut ? <SignIn /> : <Outlet />}
      </div>
      <Announcements />
    </div>
  );
}

/** A refusal is an answer too: raters may not ask for the server's health. */
const isReached = (error: unknown): boolean => error instanceof ApiError && error.status > 0 && error.status < 500;
