/** A word to the agent. It reads it before its next step. */
import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { Input } from "../../ui/field.tsx";

export function SayForm({ run }: { run: string }) {
  const [text, setText] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: (said: string) => api.post(`/api/runs/${run}/say`, { text: said }),
    onSuccess: () => setText(""),
    onError: (error) => announce(`Not said: ${error.message}`, "trouble"),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (said) mutate(said);
  };
  return (
    <form onSubmit={submit} className="flex shrink-0 gap-2 border-t bg-card p-2">
      <Input
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={4_000}
        placeholder="Say something to the agent"
        aria-label="Say something to the agent"
      />
      <Button type="submit" aria-label="Send" aria-disabled={isPending || text.trim() === ""} className="px-2.5">
        <Send />
      </Button>
    </form>
  );
}
