/** Inputs with their labels. */
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";

const box =
  "w-full rounded-md border border-input bg-card px-3 py-1.5 text-sm placeholder:text-muted-foreground disabled:opacity-50";

export const Input = ({ className, ...props }: ComponentProps<"input">) => (
  <input className={cn(box, "h-9", className)} {...props} />
);

export const Textarea = ({ className, ...props }: ComponentProps<"textarea">) => (
  <textarea className={cn(box, "min-h-20", className)} {...props} />
);

export const Select = ({ className, ...props }: ComponentProps<"select">) => (
  <select className={cn(box, "h-9", className)} {...props} />
);

/** A label, its input (which is given the id), and a line of help. */
export function Field({
  label,
  help,
  children,
}: {
  label: string;
  help?: string | undefined;
  children(id: string): ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children(id)}
      {help && <p className="text-xs text-muted-foreground">{help}</p>}
    </div>
  );
}
