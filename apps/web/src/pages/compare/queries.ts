/** What the comparison asks the server. */
import type { Comparison } from "@candor/server";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api/client.ts";

/** Rows fetched at a time. */
export const WINDOW = 100;

/** The two runs in the address, and how to choose others. */
export function usePair(): { a: string; b: string; choose(pair: { a: string; b: string }): void } {
  const { a = "", b = "" } = useSearch({ strict: false });
  const navigate = useNavigate();
  return { a, b, choose: (pair) => void navigate({ to: "/compare", search: pair, replace: true }) };
}

export function useComparison(a: string, b: string, from: number) {
  return useQuery({
    queryKey: ["compare", a, b, from],
    queryFn: () =>
      api.get<Comparison>(`/api/compare?${new URLSearchParams({ a, b, from: `${from}`, limit: `${WINDOW}` })}`),
    enabled: a !== "" && b !== "" && a !== b,
    placeholderData: keepPreviousData,
  });
}
