import type { InternetAccess } from "../inventory/internet-model.ts";
import type { Inventory } from "../inventory/model.ts";

/** Slug of the router through which the internet is reached, and of the segment between it and the provider. */
export const EXIT_ROUTER = "internet-exit";
export const OUTER_SEGMENT = "internet";

/** The provider's line at the Pusat Data, if there is one: the internet leaves at one place. */
export function internetAccess({ kabupaten }: Inventory): InternetAccess | undefined {
  const site = kabupaten.sites.get("pusat-data");
  return site && kabupaten.engines.get(site.engine)?.internet;
}
