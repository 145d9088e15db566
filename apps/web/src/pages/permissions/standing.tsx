/** Permissions given with "always here", and taking them back. */
import { Button } from "../../ui/button.tsx";
import { Loading, Trouble } from "../parts.tsx";
import { useRevoke, useStanding } from "./queries.ts";

export function Standing() {
  const standing = useStanding();
  const revoke = useRevoke();
  if (standing.isPending) return <Loading />;
  if (standing.isError) return <Trouble error={standing.error} />;
  if (standing.data.length === 0) return <p className="text-sm text-muted-foreground">Nothing so far.</p>;
  return (
    <ul className="divide-y rounded-lg border bg-card text-sm">
      {standing.data.map(({ id, sentence, by, givenAt }) => (
        <li key={id} className="flex items-center gap-3 p-3">
          <span className="min-w-0 grow break-words">
            A run may {sentence}
            <span className="text-muted-foreground">
              , says {by} since {new Date(givenAt).toLocaleDateString()}
            </span>
          </span>
          <Button
            size="sm"
            onClick={() => revoke.mutate(id)}
            disabled={revoke.isPending}
            aria-label={`Take back: ${sentence}`}
          >
            Take back
          </Button>
        </li>
      ))}
    </ul>
  );
}
