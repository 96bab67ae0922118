import { Address } from "../core/address.ts";
import type { RouterPlan } from "../plan/router-plan.ts";

/**
 * The file `addresses` of a router: what stands on its `lo`, and the number by which its packet filter knows each
 * segment. images/router/entrypoint.sh reads it line by line:
 *
 * - `lo ADDRESS/LENGTH`: the loopback, the management address, and the first host of a LAN that has no container. Single addresses: the rest
 *   of the LAN stays unreachable by BIRD's route instead of being answered by `lo`.
 * - `segment NUMBER ADDRESS NAME`: the interface with this address belongs to this segment.
 * - `drain SECONDS`: how long it forwards on after it has told its neighbours that it goes.
 */
export function routerAddresses(router: RouterPlan): string {
  const { loopback, management, lan, exit } = router;
  const own = [
    loopback.ipv4,
    loopback.ipv6,
    management.ipv4,
    management.ipv6,
    ...(lan ? [Address.inside(lan.ipv4, 1n), Address.inside(lan.ipv6, 1n)] : []),
  ];
  const segments = router.interfaces.map(
    ({ segment, address }) =>
      `segment ${segmentNumber(router, segment)} ${address.ipv4.text} ${segment}`,
  );
  if (exit)
    segments.push(`segment ${outerNumber(router)} ${exit.ipv4.address.text} ${exit.segment}`);
  const lines = [
    `# ${router.name}`,
    ...own.map((address) => `lo ${address.hostPrefix}`),
    ...segments,
    ...(router.drainSeconds === undefined ? [] : [`drain ${router.drainSeconds}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Interface group of a segment on this router; counts from 1, for 0 is what a new interface has. */
export function segmentNumber(router: RouterPlan, segment: string): number {
  const at = router.interfaces.findIndex((one) => one.segment === segment);
  if (at < 0) throw new Error(`router ${router.name} does not stand on segment ${segment}`);
  return at + 1;
}

/** Interface group of the exit's port towards the provider. */
export function outerNumber(router: RouterPlan): number {
  return router.interfaces.length + 1;
}
