import { readFile } from "node:fs/promises";
import path from "node:path";

import { until } from "./containment-lab.ts";
import { type KabupatenLab, KABUPATEN, type Said } from "./kabupaten-lab.ts";
import { testImage } from "./test-image.ts";

/** The provider's side of the line, as the variation of the inventory has it. */
export const OUTER = {
  network: `simpul-${KABUPATEN}-router-internet`,
  own: { ipv4: "203.0.113.10", ipv6: "2001:db8:7::2" },
  gateway: { ipv4: "203.0.113.9", ipv6: "2001:db8:7::1" },
} as const;

/** Servers far away: addresses that are somebody's on the internet, here on `lo` of one container. */
export const FAR = { ipv4: "8.8.4.4", ipv6: "2620:fe::9" } as const;

const INTERNET = `simpul-test-internet-${KABUPATEN}`;

/** The line to the provider in `engines:`, in place of `  local: {}`. */
export const LINE = `  local:
    internet:
      ipv4: ${OUTER.own.ipv4}/29
      gateway: ${OUTER.gateway.ipv4}
      ipv6: ${OUTER.own.ipv6}/64
      gateway6: ${OUTER.gateway.ipv6}
      bandwidth: 100Mbps
`;

/** A container that plays the internet on the outer segment, and computers on agencies' LANs. */
export interface InternetLab {
  /** Runs a command on the internet. */
  outside(...command: readonly string[]): Promise<Said>;
  /** Runs a command on an agency's LAN: in its router's network, under the LAN's first address. */
  onLan(agency: string, ...command: readonly string[]): Promise<Said>;
  /** Packets that reached the outer segment, by the name of the counter. */
  counters(): Promise<ReadonlyMap<string, number>>;
  remove(): Promise<void>;
}

/** Starts the internet; the outer segment must stand. */
export async function buildInternetLab(lab: KabupatenLab): Promise<InternetLab> {
  const image = testImage("test-internet");
  await lab.docker("rm", "--force", INTERNET);
  const started = await lab.docker(
    ...["run", "--detach", "--name", INTERNET, "--cap-add", "NET_ADMIN"],
    ...["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"],
    ...["--sysctl", "net.ipv6.conf.default.accept_dad=0"],
    ...["--network", OUTER.network, "--ip", OUTER.gateway.ipv4, "--ip6", OUTER.gateway.ipv6],
    ...[image, "simpul-test-internet", FAR.ipv4, FAR.ipv6],
  );
  if (started.exitCode !== 0) throw new Error(started.stderr);
  const outside = (...command: readonly string[]): Promise<Said> =>
    lab.docker("exec", INTERNET, ...command);
  return {
    outside,
    onLan: (agency, ...command) =>
      lab.docker(
        ...["run", "--rm", "--network", `container:simpul-${KABUPATEN}-router-${agency}`],
        ...["--cap-drop", "ALL", "--cap-add", "NET_RAW", image, ...command],
      ),
    counters: async () => {
      const { stdout } = await outside("nft", "list", "counters", "table", "inet", "seen");
      return new Map(
        Array.from(stdout.matchAll(/counter (\w+) \{\s+packets (\d+)/g), ([, name, packets]) => [
          name!,
          Number(packets),
        ]),
      );
    },
    remove: async () => {
      await lab.docker("rm", "--force", INTERNET);
    },
  };
}

/** The line to the provider, and one agency that may not use it. */
export async function withInternet(lab: KabupatenLab): Promise<void> {
  await change(lab, "kabupaten.yaml", "  local: {}\n", LINE);
  await change(
    lab,
    "perangkat-daerah/dinas-kominfo.yaml",
    "bandwidth:",
    "internet: none\nbandwidth:",
  );
}

/** Replaces words of an inventory file. */
export async function change(
  lab: KabupatenLab,
  file: string,
  from: string,
  to: string,
): Promise<void> {
  const text = await readFile(path.join(lab.inventory, "uji", file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
  await lab.write(file, text.replace(from, to));
}

/** Until verify finds all sessions and prefixes. */
export async function settled(lab: KabupatenLab): Promise<void> {
  await until("verify finds nothing", async () => {
    return (await lab.simpul("verify", "wan", "--json")).exitCode === 0;
  });
}
