/** A picture ready to be drawn, and what it says to those who do not see it. */
export interface Picture {
  /** In Graphviz' language. */
  readonly dot: string;
  /** `nop2` only draws what has its place already; `dot` finds the places. */
  readonly engine: "dot" | "nop2";
  readonly title: string;
  readonly description: string;
}
