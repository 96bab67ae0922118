import { Fault } from "../core/fault.ts";
import type { DevicePlan } from "./router-plan.ts";

export type Platform = DevicePlan["platform"];
export const PLATFORMS: readonly Platform[] = ["routeros", "frr", "bird"];

/** Linux: at most 15 bytes (IFNAMSIZ). RouterOS: as its boards print them, `ether1`, `sfp-sfpplus1`. */
export const PORT_FORM: Readonly<Record<Platform, RegExp>> = {
  routeros: /^[A-Za-z][A-Za-z0-9.-]{0,30}$/,
  frr: /^[A-Za-z][A-Za-z0-9._-]{0,14}$/,
  bird: /^[A-Za-z][A-Za-z0-9._-]{0,14}$/,
};

/** The interface that a role has when nobody chooses: in order, as a new board or a Debian machine counts them. */
export function defaultPort(platform: Platform, index: number): string {
  return platform === "routeros" ? `ether${index + 1}` : `eth${index}`;
}

/** Reads `ROLE=INTERFACE` or `ROLE=INTERFACE,INTERFACE`, as a person gives it several times. */
export function parsePorts(texts: readonly string[]): Fault | ReadonlyMap<string, string[]> {
  const ports = new Map<string, string[]>();
  for (const text of texts) {
    const [, role, names] = /^([a-z0-9-]+)=(\S+)$/.exec(text) ?? [];
    if (role === undefined || names === undefined)
      return new Fault(
        `--port "${text}" is not ROLE=INTERFACE`,
        "write --port lan=ether2, or --port access-parakan=sfp1",
      );
    if (ports.has(role))
      return new Fault(`--port gives "${role}" twice`, "name each role once; several as lan=a,b");
    ports.set(role, names.split(","));
  }
  return ports;
}
