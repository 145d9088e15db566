/** The keys of the run page. */
import { Dialog } from "../../ui/dialog.tsx";

const KEYS = [
  ["j", "k", "next and previous step"],
  ["g", "b", "the step was good, was bad"],
  ["r", "", "say why"],
  ["a", "d", "approve, deny what it asks"],
  ["e", "", "edit what it asks, then approve"],
  ["Space", "", "stop this run and its children"],
  ["f", "", "follow the latest step"],
  ["p", "", "the page it saw, and back"],
  ["Home", "End", "first and last step"],
  ["?", "", "this list"],
] as const;

export function HelpDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keys" description="While you are not typing.">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
        {KEYS.map(([first, second, words]) => (
          <div key={first} className="contents">
            <dt className="flex gap-1">
              {[first, second].filter(Boolean).map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-md border bg-muted px-1.5 py-0.5 text-center font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
