/** Good or bad, and why. */
import { Check, ThumbsDown, ThumbsUp } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Input } from "../ui/field.tsx";
import type { Judgment } from "./queries.ts";

interface Props {
  judgment: Judgment | undefined;
  /** Given again, a thumb is taken back. */
  onJudge(judgment: Judgment | undefined): void;
}

export function Thumbs({ judgment, onJudge }: Props) {
  const [reason, setReason] = useState<string>();
  const give = (verdict: Judgment["verdict"]) =>
    onJudge(judgment?.verdict === verdict ? undefined : { verdict, reason: reason ?? judgment?.reason ?? "" });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (judgment && reason !== undefined) onJudge({ ...judgment, reason: reason.trim() });
    setReason(undefined);
  };
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1">
      <Button
        size="sm"
        aria-pressed={judgment?.verdict === "good"}
        aria-label="Good step"
        className={cn("px-2", judgment?.verdict === "good" && "border-good bg-good/15 text-good")}
        onClick={() => give("good")}
      >
        <ThumbsUp />
      </Button>
      <Button
        size="sm"
        aria-pressed={judgment?.verdict === "bad"}
        aria-label="Bad step"
        className={cn("px-2", judgment?.verdict === "bad" && "border-bad bg-bad/15 text-bad")}
        onClick={() => give("bad")}
      >
        <ThumbsDown />
      </Button>
      {judgment && (
        <form onSubmit={save} className="flex min-w-0 flex-1 gap-1">
          <Input
            data-reason
            className="h-8 min-w-24 max-w-80"
            value={reason ?? judgment.reason}
            maxLength={2_000}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
            placeholder="Why? (optional)"
            aria-label="Why"
          />
          {reason !== undefined && reason !== judgment.reason && (
            <Button size="sm" type="submit" aria-label="Keep the reason" className="px-2">
              <Check />
            </Button>
          )}
        </form>
      )}
    </div>
  );
}
