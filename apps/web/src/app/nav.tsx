/** Where one can go: the pages of everything, and below them those of the run that is open. */
import { Link } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { pages } from "./pages.ts";

const everywhere = [
  { name: "Home", page: "home", to: "/" },
  { name: "Findings", page: "findings", to: "/findings" },
  { name: "Compare", page: "compare", to: "/compare" },
  { name: "Permissions", page: "permissions", to: "/permissions" },
  { name: "Judgments", page: "judgments", to: "/judgments" },
  { name: "Training", page: "training", to: "/training" },
  { name: "Lens", page: "lens", to: "/lens" },
  { name: "API", page: "api", to: "/api-reference" },
] as const;

const ofRun = [
  { name: "Run", page: "run", to: "/runs/$run" },
  { name: "Findings", page: "findings", to: "/runs/$run/findings" },
  { name: "Explain", page: "explain", to: "/runs/$run/explain" },
  { name: "Map", page: "town", to: "/runs/$run/map" },
] as const;

const there = <P extends { page: string }>(places: readonly P[]) => places.filter(({ page }) => pages.has(page));

const link =
  "rounded-md px-2.5 py-1.5 text-sm text-muted-foreground transition-colors hover:bg-muted hover:text-foreground aria-[current=page]:font-medium aria-[current=page]:text-foreground";

export function MainNav() {
  return (
    <>
      <Link
        to="/"
        className="flex items-center gap-2 rounded-md font-semibold tracking-tight"
        aria-label="Candor, home"
      >
        <Mark />
        <span className="max-[25rem]:sr-only">Candor</span>
      </Link>
      <nav aria-label="Pages" className="hidden items-center md:flex">
        {there(everywhere).map(({ name, to }) => (
          <Link key={name} to={to} activeOptions={{ exact: true, includeSearch: false }} className={link}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="md:hidden">
        <Menu
          align="start"
          trigger={
            <Button variant="ghost" size="icon" aria-label="Pages">
              <MenuIcon />
            </Button>
          }
        >
          {there(everywhere).map(({ name, to }) => (
            <MenuItem key={name} asChild>
              <Link to={to}>{name}</Link>
            </MenuItem>
          ))}
        </Menu>
      </div>
    </>
  );
}

export function RunNav({ run }: { run: string }) {
  return (
    <nav aria-label="This run" className="flex gap-1 overflow-x-auto px-2 sm:px-3">
      {there(ofRun).map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          params={{ run }}
          activeOptions={{ exact: true, includeSearch: false }}
          className="border-b-2 border-transparent px-2 pt-1 pb-2 text-sm text-muted-foreground hover:text-foreground aria-[current=page]:border-primary aria-[current=page]:text-foreground"
        >
          {name}
        </Link>
      ))}
      {pages.has("compare") && (
        <Link
          to="/compare"
          search={{ a: run }}
          className="border-b-2 border-transparent px-2 pt-1 pb-2 text-sm text-muted-foreground hover:text-foreground"
        >
          Compare
        </Link>
      )}
    </nav>
  );
}

const Mark = () => (
  <svg viewBox="0 0 32 32" className="size-5 text-primary" aria-hidden="true">
    <circle cx="16" cy="16" r="13" fill="none" stroke="currentColor" strokeWidth="3.5" />
    <circle cx="16" cy="16" r="5.5" fill="currentColor" />
  </svg>
);
