/** For a browser without a session. */
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signIn } from "../api/session.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";

export function SignIn() {
  const client = useQueryClient();
  const [error, setError] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    try {
      await signIn(token);
      await client.resetQueries();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <main className="mx-auto grid w-full max-w-sm gap-5 px-4 py-16">
      <header className="grid gap-1">
        <h1 className="text-xl font-semibold tracking-tight">This browser has no session</h1>
        <p className="text-sm text-muted-foreground">
          Run <code className="rounded bg-muted px-1 py-0.5 font-mono text-[0.8125rem]">candor open</code> in a
          terminal: it brings you here with one. Or paste the token that{" "}
          <code className="font-mono text-[0.8125rem]">candor open --print</code> shows after the #.
        </p>
      </header>
      <form onSubmit={submit} className="grid gap-3">
        <Field label="Token">
          {(id) => (
            <Input id={id} name="token" type="password" autoComplete="off" required aria-invalid={error !== ""} />
          )}
        </Field>
        {error && (
          <p role="alert" className="text-sm text-bad">
            {error}
          </p>
        )}
        <Button type="submit" variant="primary">
          Open the pages
        </Button>
      </form>
    </main>
  );
}
