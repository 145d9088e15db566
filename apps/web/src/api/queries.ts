/** What several pages ask the server, and how often. */
import type { RunRow, RunView } from "@candor/server";
import { QueryClient, useQuery } from "@tanstack/react-query";
import { ApiError, api } from "./client.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What the server has refused it refuses again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** Whether the server answers, asked every few seconds while the page is in view. */
export const useHealth = () =>
  useQuery({
    queryKey: ["health"],
    queryFn: () => api.get<{ ok: boolean }>("/api/health"),
    refetchInterval: 5_000,
    retry: false,
  });

export const useRuns = () =>
  useQuery({ queryKey: ["runs"], queryFn: () => api.get<RunRow[]>("/api/runs"), refetchInterval: 3_000 });

interface RunOptions {
  /** Nothing will change: it is asked once. */
  over?: boolean;
  /** Not before: the server folds the whole run for it. */
  when?: boolean;
}

export const useRun = (run: string, { over = false, when = true }: RunOptions = {}) =>
  useQuery({
    queryKey: ["run", run, over],
    queryFn: () => api.get<RunView>(`/api/runs/${run}`),
    refetchInterval: over ? false : 5_000,
    placeholderData: (before) => before,
    enabled: when,
  });
