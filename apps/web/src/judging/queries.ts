/** Thumbs on the steps of a run. */
import type { JudgedItem, JudgeRequest } from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { announce } from "../ui/announce.tsx";

export type Thumb = Extract<JudgeRequest["verdict"], "good" | "bad">;

export interface Judgment {
  verdict: Thumb;
  reason: string;
}

type Judged = ReadonlyMap<number, Judgment>;

/** The operator's own rater. */
const OWN = "operator";

const keyOf = (run: string) => ["step-judgments", run];

/** The operator's judgments of a run, by step. */
export const useJudgments = (run: string) =>
  useQuery({
    queryKey: keyOf(run),
    queryFn: async (): Promise<Judged> => byStep(await api.get<JudgedItem[]>(`/api/judgments/items?run=${run}`)),
    staleTime: 30_000,
  });

function byStep(items: readonly JudgedItem[]): Judged {
  const own = new Map<number, Judgment>();
  for (const { subject, judgments } of items) {
    const said = judgments.find(({ rater }) => rater === OWN);
    if (subject.kind !== "step" || (said?.verdict !== "good" && said?.verdict !== "bad")) continue;
    own.set(subject.step, { verdict: said.verdict, reason: said.reason });
  }
  return own;
}

interface Given extends Partial<Judgment> {
  step: number;
  /** Made up once a submission: sent again after a lost answer, it counts once. */
  key: string;
}

/** Judges a step, or takes the judgment back; shown at once, and put back if the server refuses. */
export function useJudge(run: string): (step: number, judgment: Judgment | undefined) => void {
  const client = useQueryClient();
  const queryKey = keyOf(run);
  const { mutate } = useMutation({
    mutationFn: ({ step, verdict, reason, key }: Given) => {
      const subject = { kind: "step", run, step };
      return verdict
        ? api.post("/api/judgments", { subject, verdict, key, ...(reason && { reason }) })
        : api.post("/api/judgments/withdraw", { subject, key });
    },
    retry: 2,
    onMutate: async ({ step, verdict, reason = "" }) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<Judged>(queryKey);
      const after = new Map(before);
      if (verdict) after.set(step, { verdict, reason });
      else after.delete(step);
      client.setQueryData<Judged>(queryKey, after);
      return { before };
    },
    onError: (error, _, context) => {
      client.setQueryData(queryKey, context?.before);
      announce(`The judgment was not kept: ${error.message}`, "trouble");
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["judgments"] }),
  });
  return (step, judgment) => mutate({ step, key: crypto.randomUUID(), ...judgment });
}
