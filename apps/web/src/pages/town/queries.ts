/** What the map asks the server. */
import type { Journey } from "@candor/server";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { api } from "../../api/client.ts";

export function useJourney() {
  const { run } = useParams({ strict: false });
  return useQuery({
    queryKey: ["map", run],
    queryFn: () => api.get<Journey>(`/api/runs/${run}/map`),
    enabled: run !== undefined,
  });
}
