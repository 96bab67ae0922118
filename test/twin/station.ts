import { Address } from "../../modules/core/address.ts";
import type { DualAddress } from "../../modules/core/dual.ts";
import { localEngine } from "../../modules/engine/docker-engine.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { imageOf } from "../render/router-carrier.ts";
import { KABUPATEN, type KabupatenLab, type Said } from "./kabupaten-lab.ts";

const NAME = "scratch-management-station";

/** A computer of the Dinas on the management network. */
export interface Station {
  readonly address: DualAddress;
  run(...command: readonly string[]): Promise<Said>;
}

/** Removes what this or an earlier run left: while it stands on the segment, that cannot be destroyed. */
export async function removeStation(): Promise<void> {
  await localEngine(process.env).run(["docker", "rm", "--force", NAME]);
}

/** Its default route leads to the gateway of the management network, as for any computer there. */
export async function startStation(lab: KabupatenLab, plan: KabupatenPlan): Promise<Station> {
  const { ipv4, ipv6 } = plan.management.stations;
  const host = (at: bigint): DualAddress => ({
    ipv4: Address.inside(ipv4, at),
    ipv6: Address.inside(ipv6, at),
  });
  const [gateway, address] = [host(1n), host(33n)];
  const script = `ip route replace default via ${gateway.ipv4.text}; ip -6 route replace default via ${gateway.ipv6.text}; sleep infinity`;
  const { exitCode, stderr } = await lab.docker(
    ...["run", "--detach", "--name", NAME, "--init", "--cap-add", "NET_ADMIN"],
    ...["--network", `simpul-${KABUPATEN}-gateway-management`],
    ...["--ip", address.ipv4.text, "--ip6", address.ipv6.text],
    ...["--entrypoint", "bash", imageOf("router"), "-c", script],
  );
  if (exitCode !== 0) throw new Error(stderr);
  return {
    address,
    run: (...command) => lab.docker("exec", NAME, ...command),
  };
}
