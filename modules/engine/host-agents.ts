import { LABEL } from "../plan/engine-names.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import type { HostVolume } from "./host-volume.ts";

/** Stops the backup agents that read a volume, for they can do so later; gives their ids. */
export async function stopAgents(engine: Engine, { data }: HostVolume): Promise<readonly string[]> {
  const label = `label=${LABEL}.role=backup-runner`;
  const running = await answerOf(engine, ["docker", "ps", "--quiet", "--filter", label]);
  const ids = running.split("\n").filter((id) => id !== "");
  if (ids.length === 0) return [];
  const format = "{{.Id}}{{range .Mounts}} {{.Source}}{{end}}";
  const listed = await answerOf(engine, ["docker", "inspect", "--format", format, ...ids]);
  const reading = listed
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, ...sources]) => sources.includes(data))
    .map(([id = ""]) => id);
  if (reading.length > 0) await answerOf(engine, ["docker", "stop", ...reading]);
  return reading;
}
