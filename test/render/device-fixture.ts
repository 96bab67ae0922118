import { Fault } from "../../modules/core/fault.ts";
import { deviceOf, type Device } from "../../modules/plan/device.ts";
import type { Platform } from "../../modules/plan/device-ports.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { addresses, BLOCK } from "./router-fixture.ts";

const RESOLVERS = [addresses("10.210.128.53", "fd5c:ad00:7031:5::53")];

/** A router of the hand-made kabupaten as a device; ports as a person gives them. */
export function device(
  router: RouterPlan,
  platform: Platform,
  ports: Readonly<Record<string, readonly string[]>> = {},
): Device {
  const chosen = new Map(Object.entries(ports));
  const made = deviceOf({ block: BLOCK, resolvers: RESOLVERS }, router, platform, chosen);
  if (made instanceof Fault) throw new Error(made.what);
  return made;
}

/** What somebody may have typed, or meant, as the name of an agency. */
export const HOSTILE_TITLES = [
  'Dinas "Kesehatan"; /system/reset-configuration',
  "Dinas $[/user/add name=x] \\",
  "Dinas\nno router bgp 1\r\nexit",
  "Dinas\u2028/ip/firewall/filter remove [find]",
  "Dinas }\ntable inet simpul { }",
  "Dinas `reboot` $(reboot) ? ! # | é 🏛",
];
