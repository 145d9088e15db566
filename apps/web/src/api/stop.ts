/** Stops a run and everything below it, or all runs. */
import type { Stopped } from "@candor/server";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { announce } from "../ui/announce.tsx";
import { api } from "./client.ts";

export function useStop(): { stop(target: string): void; stopping: boolean } {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (target: string) => api.post<Stopped>("/api/stop", { target, reason: "stopped from the page" }),
    // The server may be busy with what is to be stopped; a stop is worth asking for again.
    retry: 3,
    onSuccess: ({ stopped }) =>
      announce(
        stopped.length === 0
          ? "Nothing was running."
          : `Stopped ${stopped.length === 1 ? "one run" : `${stopped.length} runs`}.`,
      ),
    onError: (error) => announce(`Not stopped: ${error.message}. In a terminal: candor stop --all`, "trouble"),
    onSettled: () => client.invalidateQueries(),
  });
  return { stop: mutate, stopping: isPending };
}
