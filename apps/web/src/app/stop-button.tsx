/** The off switch, on every page. It asks nothing back: what was stopped can be resumed, what went on cannot be undone. */
import { ChevronDown, OctagonX } from "lucide-react";
import { useStop } from "../api/stop.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

export function StopButton({ run }: { run: string | undefined }) {
  const { stop, stopping } = useStop();
  if (!run)
    return (
      <Button variant="stop" size="sm" aria-disabled={stopping} onClick={() => stop("all")}>
        <OctagonX /> Stop all
      </Button>
    );
  return (
    <div className="flex">
      <Button variant="stop" size="sm" className="rounded-r-none" aria-disabled={stopping} onClick={() => stop(run)}>
        <OctagonX /> Stop
      </Button>
      <Menu
        trigger={
          <Button
            variant="stop"
            size="sm"
            className="rounded-l-none border-l border-l-destructive-foreground/40 px-1.5"
            aria-label="More to stop"
          >
            <ChevronDown />
          </Button>
        }
      >
        <MenuItem onSelect={() => stop(run)}>This run and its children</MenuItem>
        <MenuItem onSelect={() => stop("all")}>Everything that runs</MenuItem>
      </Menu>
    </div>
  );
}
