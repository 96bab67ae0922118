import type { Device } from "../plan/device.ts";
import { birdConfig } from "./bird.ts";
import type { ConfigFile } from "./config-file.ts";
import { deviceRemarks } from "./device-remarks.ts";
import { frrConfig } from "./frr.ts";
import { ifupdownInterfaces } from "./ifupdown.ts";
import { byPort } from "./nftables-interfaces.ts";
import { nftablesRuleset } from "./nftables.ts";
import { routerosScript } from "./routeros.ts";

/** The whole configuration of a device in its platform's language, one file for each program that reads one. */
export function deviceFiles(device: Device): readonly ConfigFile[] {
  const { platform, router, ports, block } = device;
  if (platform === "routeros")
    return [{ path: `${router.name}.rsc`, text: routerosScript(device) }];
  const names = byPort(ports, platform === "frr");
  const filter = { path: "nftables.conf", text: nftablesRuleset(router, block, names) };
  if (platform === "frr") return [{ path: "frr.conf", text: frrConfig(device) }, filter];
  const remarks = deviceRemarks(device).map((remark) => `# ${remark}\n`);
  return [
    { path: "bird.conf", text: `${remarks.join("")}${birdConfig(router, block)}` },
    filter,
    { path: "interfaces", text: ifupdownInterfaces(device) },
  ];
}
