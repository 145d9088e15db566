/** What waits for a person, and answers to it. */
import type { Answered, RunAnswer, WaitingQuestion } from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { announce } from "../ui/announce.tsx";
import { plural } from "../ui/words.ts";

const KEY = ["questions"];

export const useQuestions = () =>
  useQuery({ queryKey: KEY, queryFn: () => api.get<WaitingQuestion[]>("/api/questions"), refetchInterval: 3_000 });

/** Those of a run and of the runs that work for it. */
export const below = (questions: readonly WaitingQuestion[] | undefined, run: string): WaitingQuestion[] =>
  (questions ?? []).filter(({ chain }) => chain.some((asker) => asker.run === run));

/** What an answer is about: exactly the arguments that were shown. */
export const boundTo = ({ run, step, argsHash }: WaitingQuestion) => ({ run, step, argsHash });

export function useAnswer(): { answer(answers: RunAnswer[]): void; answering: boolean } {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (answers: RunAnswer[]) => api.post<{ results: Answered[] }>("/api/answers", { answers }),
    onSuccess: ({ results }, answers) => {
      const failed = results.filter(({ ok }) => !ok);
      for (const { error = "", hint = "" } of failed) announce(`Not answered: ${error}. ${hint}`.trim(), "trouble");
      const given = results.length - failed.length;
      const word = DONE[answers[0]?.answer ?? "approve"];
      if (given > 0) announce(given === 1 ? `${word}.` : `${word}: ${plural(given, "question")}.`);
    },
    onError: (error) => announce(`Not answered: ${error.message}`, "trouble"),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return { answer: mutate, answering: isPending };
}

const DONE: Record<RunAnswer["answer"], string> = {
  approve: "Approved",
  modify: "Approved with your changes",
  reject: "Denied",
  escalate: "Passed on",
  terminate: "The run was ended",
};
