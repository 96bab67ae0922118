/** Set for tests whose machine is thrown away after them (machine.ts). */
export const THROWN_AWAY = "SIMPUL_TEST_MACHINE";

/** Whether what a test leaves on this machine is gone by itself; campaigns, for one, run on a machine that stays. */
export function isThrownAway(): boolean {
  return process.env[THROWN_AWAY] !== undefined;
}
