import type { Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts } from "./finding.ts";

/** No two devices are reached by one address. */
export function checkRouterAddresses({ perangkatDaerah, desa }: InventoryFiles): Diagnostic[] {
  const routers = [
    ...perangkatDaerah.map(({ file, source }) => ({ router: file.router, source })),
    ...desa.flatMap(({ file, source }) =>
      file.villages.map(({ router }, index) => ({
        router,
        source: source.below("villages", index),
      })),
    ),
  ];
  const claims = routers.flatMap(({ router, source }) =>
    router?.kind === "external"
      ? [{ value: router.address, at: source.at("router", "address") }]
      : [],
  );
  return conflicts(claims, ({ value }, others) => ({
    id: "router-address-twice",
    what: `router.address is ${value} here and at ${others}`,
    why: "the centre would reach one router and mean the other",
    fix: "give each device an address of its own",
  }));
}
