import { CONTROL_CLASS } from "../plan/internet-plan.ts";
import type { RouterPlan, ShapedClass } from "../plan/router-plan.ts";
import { outerNumber } from "./router-addresses.ts";

/** Time for which a class may send at full speed, and for which packets wait before they are dropped. */
const BURST_SECONDS = 0.01;
const QUEUE_SECONDS = 0.1;
/** The largest packet that the kernel hands over at once (GSO): a smaller burst or queue would hold it up or lose it. */
const LARGEST_PACKET = 65_536;
const QUANTUM = { least: 3_000, most: 60_000, perSecond: 1_000 };

/**
 * The file `shaping` of a router: the tree of HTB classes on each interface that it names. images/router/shaping.sh
 * reads it line by line; a router that shapes nothing has a comment.
 *
 * - `on NUMBER`: the interface of this group, as numbered in the file `addresses`.
 * - `class MINOR PARENT RATE CEILING BURST QUANTUM QUEUE PRIORITY`: minors in hexadecimal, parent 0 is the root; bits
 *   per second; bytes; a queue of 0 is none, for a class that has others below it.
 */
export function routerShaping(router: RouterPlan): string {
  const { name, exit, interfaces } = router;
  if (exit === undefined) return `# ${name} shapes nothing\n`;
  const numbers = [...interfaces.map((_, at) => at + 1), outerNumber(router)];
  return `${[
    `# ${name}`,
    ...numbers.map((number) => `on ${number}`),
    `class 1 0 ${exit.bandwidth} ${exit.bandwidth} ${burst(exit.bandwidth)} ${QUANTUM.most} 0 0`,
    ...exit.classes.map(classLine),
  ].join("\n")}\n`;
}

function classLine({ number, guaranteed, most }: ShapedClass): string {
  const queue = Math.max(4 * LARGEST_PACKET, Math.ceil((most * QUEUE_SECONDS) / 8));
  const quantum = Math.min(
    QUANTUM.most,
    Math.max(QUANTUM.least, Math.round(guaranteed / 8 / QUANTUM.perSecond)),
  );
  const priority = number === CONTROL_CLASS ? 0 : 1;
  return `class ${number.toString(16)} 1 ${guaranteed} ${most} ${burst(most)} ${quantum} ${queue} ${priority}`;
}

function burst(bitsPerSecond: number): number {
  return Math.max(LARGEST_PACKET, Math.ceil((bitsPerSecond * BURST_SECONDS) / 8));
}
