import type { Amounts } from "./amounts.ts";
import { amountText, RESOURCES } from "./amounts.ts";
import type { CapacityReport } from "./capacity-report.ts";
import type { AgencyUse, Counted } from "./quota.ts";
import { columns } from "./text-columns.ts";

/** Three tables for people: sites, agencies, and what comes free month by month. */
export function capacityText({ sites, agencies, months, vps }: CapacityReport): string {
  const expired = vps.filter(({ life }) => life === "expired").map(({ name }) => name);
  const requested = vps.filter(({ life }) => life === "requested").map(({ name }) => name);
  return [
    columns([
      ["SITE", "RESOURCE", "HAS", "PROMISES", "ASKED", "LEFT"],
      ...sites.flatMap((use) =>
        RESOURCES.map((resource) => [
          use.site,
          resource,
          ...[use.capacity, use.promised, use.asked, use.left].map((amounts) =>
            amountText(resource, amounts[resource]),
          ),
        ]),
      ),
    ]),
    columns([
      ["AGENCY", "VPS", "CPU", "MEMORY", "DISK"],
      ...agencies.map((use) => [
        use.agency,
        ...(["vps", ...RESOURCES] as const).map((resource) => quotaText(use, resource)),
      ]),
    ]),
    columns([
      ["EXPIRES", "VPS", "GIVES BACK", "LEFT THEN AT pusat-data"],
      ...months.map((each) => [
        each.month,
        each.vps.join(", "),
        amountsText(each.frees),
        amountsText(each.left),
      ]),
    ]),
    ...(requested.length > 0 ? [`Asked for, and in no lock yet: ${requested.join(", ")}`] : []),
    ...(expired.length > 0 ? [`Expired, and still running: ${expired.join(", ")}`] : []),
  ].join("\n\n");
}

/** `dinas-pendidikan has 2 of 5 vps, 3 of 8 cpu, 2GiB of 32GiB memory, 3GiB of 1TiB disk` */
export function quotaLine(use: AgencyUse): string {
  const parts = (["vps", ...RESOURCES] as const).map(
    (resource) => `${quotaText(use, resource)} ${resource}`,
  );
  return `${use.agency} has ${parts.join(", ")}`;
}

/** `2 of 8`, or `2` where nothing limits it. */
function quotaText({ asked, limits }: AgencyUse, resource: keyof Counted): string {
  const limit = limits[resource];
  const has = amountText(resource, asked[resource]);
  return limit === undefined ? has : `${has} of ${amountText(resource, limit)}`;
}

function amountsText(amounts: Amounts): string {
  const [cpu, memory, disk] = RESOURCES.map((resource) => amountText(resource, amounts[resource]));
  return `${cpu} cpu, ${memory}, ${disk}`;
}
