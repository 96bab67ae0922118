import type { Deviation } from "./deviation.ts";
import type { KnownStack } from "./drift-declared.ts";
import { compareFacts, limitText, type FactDifference, type Facts } from "./facts.ts";
import { appliedOptions } from "./host-step-call.ts";
import type { Observation } from "./observation.ts";

/** Facts of a size-limited volume on the engine's host. */
export const DISK = { size: "size of its disk", mounted: "its disk" } as const;

const MEBIBYTE = 2 ** 20;

/** Size-limited volumes that are not mounted, or of another size than they should be. */
export function diskDeviations(
  { name: stack, configuration, state }: KnownStack,
  { disks }: Observation,
): readonly Deviation[] {
  return configuration.steps.flatMap((call): Deviation[] => {
    const ran = state.resources.find(({ address }) => address === call.address);
    // Where the step has not run yet, the volume itself is what is missing.
    if (call.step !== "volume" || ran === undefined) return [];
    const volume = configuration.objects.find(
      ({ kind, name }) => kind === "volume" && name === call.target,
    );
    const planned = Number(call.options.get("size"));
    const applied = Number(appliedOptions(call, ran.attributes)?.get("size") ?? planned);
    const disk = disks.get(call.target);
    const actual = diskFacts(disk?.sizeBytes, disk?.mounted === true);
    const core = {
      stack,
      kind: "volume" as const,
      role: volume?.role ?? "",
      name: volume?.slug ?? call.target,
      engineName: call.target,
      address: call.address,
      condition: "differs" as const,
    };
    const changed = compareFacts(diskFacts(applied, true), actual);
    const pending = compareFacts(diskFacts(planned, true), diskFacts(applied, true));
    const grows = disk !== undefined && disk.sizeBytes <= applied;
    return [
      ...differing(changed, { ...core, class: "drifted", healing: grows ? "live" : "nobody" }),
      ...differing(pending, { ...core, class: "merged-not-applied", healing: "terraform" }),
    ];
  });
}

function differing(
  differences: readonly FactDifference[],
  deviation: Omit<Deviation, "differences">,
): readonly Deviation[] {
  return differences.length === 0 ? [] : [{ ...deviation, differences }];
}

function diskFacts(sizeBytes: number | undefined, mounted: boolean): Facts {
  if (sizeBytes === undefined) return new Map([[DISK.mounted, "gone"]]);
  return new Map([
    [DISK.size, limitText(sizeBytes / MEBIBYTE, "MiB")],
    [DISK.mounted, mounted ? "mounted" : "not mounted"],
  ]);
}
