import { createHmac } from "node:crypto";

/**
 * Key by which one service's messages with voters are signed (ADR-0035). Voters have the master key and make all of them; a
 * server has its own only, so that a tenant can speak for nobody else's service.
 *
 * @param master 64 hexadecimal digits
 */
export function serviceLeaseKey(master: string, service: string): string {
  return createHmac("sha256", master).update(`service ${service}`).digest("hex");
}
