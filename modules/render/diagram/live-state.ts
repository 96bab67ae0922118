/** What runs, as plain facts: whoever observes fills it in, whoever draws knows no engine. */
export interface LiveState {
  /** For people: `2026-03-01 10:15 WIB`. */
  readonly observedAt: string;
  /** By container name; what is missing is not on the engine. `silent` runs, but its BIRD does not answer. */
  readonly containers: ReadonlyMap<string, ContainerCondition>;
  readonly sessions: readonly SessionState[];
}

export type ContainerCondition = "running" | "stopped" | "silent";

/** One planned BGP session of one family. */
export interface SessionState {
  /** Container name of the router that calls; planned names for external routers too. */
  readonly lower: string;
  readonly upper: string;
  readonly segment: string;
  readonly family: 4 | 6;
  readonly up: boolean;
}
