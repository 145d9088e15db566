/** What the findings page asks the server. */
import type { Remedied, Report, RunRow } from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { api } from "../../api/client.ts";

/** The audit that is shown: the one in the address, or else the latest. */
export function useFindings(): { run: string | undefined; runs: RunRow[]; choose(run: string): void } {
  const { run } = useParams({ strict: false });
  const navigate = useNavigate();
  const { data = [] } = useQuery({ queryKey: ["runs"], queryFn: () => api.get<RunRow[]>("/api/runs") });
  const runs = data.filter(({ kind }) => kind === "audit");
  return {
    run: run ?? runs[0]?.run,
    runs,
    choose: (chosen) => void navigate({ to: "/runs/$run/findings", params: { run: chosen } }),
  };
}

export function useReport(run: string | undefined) {
  return useQuery({
    queryKey: ["report", run],
    queryFn: () => api.get<Report>(`/api/runs/${run}/report?format=json`),
    enabled: run !== undefined,
  });
}

/** Which findings are dealt with, in whatever run they were found, and how to say so. */
export function useTick(): { done: ReadonlySet<string>; tick(finding: string, done: boolean): void } {
  const client = useQueryClient();
  const key = ["remedies"];
  const { data = [] } = useQuery({ queryKey: key, queryFn: () => api.get<Remedied[]>("/api/remedies") });
  const { mutate } = useMutation({
    mutationFn: ({ finding, done }: { finding: string; done: boolean }) =>
      api.put(`/api/remedies/${encodeURIComponent(finding)}`, { done }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  return {
    done: new Set(data.filter(({ done }) => done).map(({ finding }) => finding)),
    tick: (finding, done) => mutate({ finding, done }),
  };
}
