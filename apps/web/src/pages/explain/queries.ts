/** What the explain page asks the server. */
import type { Explanation } from "@candor/server";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { api } from "../../api/client.ts";

/** Steps fetched at a time. */
export const WINDOW = 100;

export function useExplanation(from: number) {
  const { run } = useParams({ strict: false });
  return useQuery({
    queryKey: ["explain", run, from],
    queryFn: () => api.get<Explanation>(`/api/runs/${run}/explain?from=${from}&limit=${WINDOW}`),
    enabled: run !== undefined,
    placeholderData: keepPreviousData,
  });
}
