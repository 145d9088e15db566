/** What the judgments page asks and tells the server. */
import type {
  AgreementView,
  JudgedItem,
  JudgeRequest,
  QueueView,
  RaterView,
  SettleRequest,
  Submitted,
} from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { announce } from "../../ui/announce.tsx";

const trouble = (error: Error) => announce(error.message, "trouble");

export const useQueue = () =>
  useQuery({ queryKey: ["judgments", "queue"], queryFn: () => api.get<QueueView>("/api/judgments/queue?limit=5") });

/** Says what one holds of an item. Sent again with the same key after trouble on the way, it counts once. */
export function useJudge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: JudgeRequest) => api.post<Submitted>("/api/judgments", request),
    retry: 2,
    onError: trouble,
    onSettled: () => client.invalidateQueries({ queryKey: ["judgments"] }),
  });
}

export function useAsk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runs: string[]) => api.post<{ added: number }>("/api/judgments/ask", { runs }),
    onError: trouble,
    onSuccess: ({ added }) => announce(added === 1 ? "1 item was put up." : `${added} items were put up.`),
    onSettled: () => client.invalidateQueries({ queryKey: ["judgments"] }),
  });
}

export const useItems = (disputed: boolean) =>
  useQuery({
    queryKey: ["judgments", "items", disputed],
    queryFn: () => api.get<JudgedItem[]>(`/api/judgments/items?disputed=${disputed ? 1 : 0}`),
  });

export function useSettle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ as, ...request }: SettleRequest & { as: "adjudicate" | "gold" }) =>
      api.post(`/api/judgments/${as}`, request),
    onError: trouble,
    onSettled: () => client.invalidateQueries({ queryKey: ["judgments"] }),
  });
}

export const useAgreement = () =>
  useQuery({
    queryKey: ["judgments", "agreement"],
    queryFn: () => api.get<AgreementView>("/api/judgments/agreement"),
  });

export const useRaters = () =>
  useQuery({ queryKey: ["judgments", "raters"], queryFn: () => api.get<RaterView[]>("/api/raters") });

export function useRaterChanges() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["judgments", "raters"] });
  const add = useMutation({
    mutationFn: (name: string) => api.post<{ name: string; token: string }>("/api/raters", { name }),
    onError: trouble,
    onSettled,
  });
  const revoke = useMutation({
    mutationFn: (name: string) => api.delete(`/api/raters/${encodeURIComponent(name)}`),
    onError: trouble,
    onSettled,
  });
  return { add, revoke };
}
