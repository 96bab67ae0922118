/** Roles of everything that stands on an engine (DESIGN section 10). */
export type EngineRole =
  | "router"
  | "gateway"
  | "vps"
  | "colocation"
  | "name-server"
  | "resolver"
  | "edge"
  | "backup-server"
  | "backup-runner"
  | "database-standby"
  | "voter"
  | "prometheus"
  | "alertmanager"
  | "prober"
  | "portal"
  | "config";

/** What a container, network or volume is, as its labels say it. */
export interface EngineObject {
  readonly kabupaten: string;
  readonly stack: string;
  readonly role: EngineRole;
  /** Slug in the inventory. */
  readonly name: string;
}

/** Prefix of every label that the product sets. */
export const LABEL = "id.go.simpul";

/** Name of a container, network or volume: `simpul-temanggung-router-pop-parakan`. */
export function engineName({ kabupaten, role, name }: Omit<EngineObject, "stack">): string {
  return `simpul-${kabupaten}-${role}-${name}`;
}

/** The labels by which anybody finds it; `config` is a hash of what cannot be read back from the engine. */
export function engineLabels(
  object: EngineObject,
  config: string,
): Readonly<Record<string, string>> {
  return {
    [`${LABEL}.config`]: config,
    [`${LABEL}.kabupaten`]: object.kabupaten,
    [`${LABEL}.name`]: object.name,
    [`${LABEL}.role`]: object.role,
    [`${LABEL}.stack`]: object.stack,
  };
}
