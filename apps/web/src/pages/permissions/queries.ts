/** What the permissions page asks and tells the server. */
import type { AutonomyView, Checked, Preset, Simulation, StandingPermission } from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { announce } from "../../ui/announce.tsx";

const trouble = (error: Error) => announce(error.message, "trouble");

export const usePresets = () =>
  useQuery({ queryKey: ["permissions", "presets"], queryFn: () => api.get<Preset[]>("/api/permissions/presets") });

export const useStanding = () =>
  useQuery({
    queryKey: ["permissions", "standing"],
    queryFn: () => api.get<StandingPermission[]>("/api/permissions/standing"),
  });

export function useRevoke() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/api/permissions/standing/${id}`),
    onSuccess: () => announce("Taken back. Runs that start from now on have to ask again."),
    onError: trouble,
    onSettled: () => client.invalidateQueries({ queryKey: ["permissions", "standing"] }),
  });
}

export const useAutonomy = () =>
  useQuery({ queryKey: ["autonomy"], queryFn: () => api.get<AutonomyView>("/api/autonomy") });

/** Checks the text first: what is wrong with it has a line and a column, which a refusal has not. */
export const useSimulation = () =>
  useMutation({
    mutationFn: async ({ run, text }: { run: string; text: string }) => {
      const checked = await api.post<Checked>("/api/permissions/check", { permissions: text });
      if (checked.problems.length > 0) return { problems: checked.problems };
      return { simulation: await api.post<Simulation>("/api/permissions/test", { run, permissions: text }) };
    },
    onError: trouble,
  });
