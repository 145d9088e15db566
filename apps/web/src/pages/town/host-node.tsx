/** A site on the map. */
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { plural } from "../../ui/words.ts";

export interface HostNodeData extends Record<string, unknown> {
  host: string;
  kind: string | null;
  visits: number;
  findings: number;
  state: "current" | "reached" | "seen" | "unknown";
}

const DOT = {
  current: "size-5 bg-primary ring-4 ring-primary/30",
  reached: "size-4 bg-foreground",
  seen: "size-3 border-2 border-muted-foreground bg-background",
  unknown: "size-2 bg-muted-foreground/40",
} as const;

/** Ways begin and end in the middle of the dot. */
const MIDDLE = "!top-2.5 !left-1/2 !m-0 !size-0 !min-h-0 !min-w-0 !border-0 opacity-0";

export function HostNode({ data }: NodeProps<Node<HostNodeData>>) {
  const found = data.findings > 0 && data.state !== "seen" && data.state !== "unknown";
  return (
    <div
      className="relative grid w-28 -translate-x-1/2 -translate-y-2.5 justify-items-center gap-0.5 text-center"
      title={title(data)}
    >
      <Handle type="target" position={Position.Top} className={MIDDLE} />
      <div className="grid h-5 place-items-center">
        <span className={`rounded-full ${DOT[data.state]}`} />
      </div>
      {data.state !== "unknown" && (
        <span className="max-w-full truncate text-[13px] leading-tight text-foreground">{data.host}</span>
      )}
      {found && (
        <span className="rounded-full bg-primary px-1.5 text-[11px] leading-4 text-primary-foreground tabular-nums">
          {data.findings}
        </span>
      )}
      <Handle type="source" position={Position.Top} className={MIDDLE} />
    </div>
  );
}

const title = ({ host, kind, visits, findings }: HostNodeData): string =>
  [host, kind, plural(visits, "visit"), plural(findings, "finding")].filter(Boolean).join(", ");
