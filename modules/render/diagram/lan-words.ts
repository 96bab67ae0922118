import type { Contact } from "../../inventory/model.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import type { Subject } from "./subject.ts";

/** Whom to ask: `Tier 1: Pengelola TIK, tik@dinkes…, +62…`. A desa has no contacts of its own. */
export function peopleOf({ inventory }: Subject, { name }: RouterPlan): readonly string[] {
  const contacts = inventory.perangkatDaerah.find((agency) => agency.name === name)?.contacts;
  if (contacts === undefined) return [];
  const line = (tier: string, people: readonly Contact[]): readonly string[] =>
    people.map(({ name, email, phone }) =>
      [`${tier}: ${name}`, email, ...(phone === undefined ? [] : [phone])].join(", "),
    );
  return [...line("Contact, tier 1", contacts.tier1), ...line("Contact, tier 2", contacts.tier2)];
}

/** What it is and where it hangs: `dinas, subdomain dinkes, at POP Parakan`. */
export function placeWords({ plan, inventory }: Subject, router: RouterPlan): string {
  const agency = inventory.perangkatDaerah.find(({ name }) => name === router.name);
  const village = inventory.desa.find(({ name }) => name === router.name);
  const pops = plan.routers
    .filter(({ name }) => router.uplinks.some((uplink) => uplink.router === name))
    .filter(({ role }) => role === "router")
    .map(({ title }) => title);
  const what =
    agency === undefined
      ? village === undefined
        ? router.tier
        : `${kindOfVillage(village.code)} ${village.code}, kecamatan ${village.kecamatan.name}`
      : `${agency.kind}, subdomain ${agency.subdomain}${agency.mandiri ? ", PD Mandiri TIK" : ""}`;
  return `${router.name}: ${what}, at ${pops.join(", ")}`;
}

/** `Dinas Kesehatan`, `desa Bagusan`: the bare name of a village does not say what it is. */
export function calledBy({ inventory }: Subject, { name, title }: RouterPlan): string {
  const village = inventory.desa.find((each) => each.name === name);
  return village === undefined ? title : `${kindOfVillage(village.code)} ${title}`;
}

/** `desa` or `kelurahan`, as the ministry's code says it. */
export function kindOfVillage(code: string): "desa" | "kelurahan" {
  return /\.1\d{3}$/.test(code) ? "kelurahan" : "desa";
}

/** The bandwidth that an agency has; a desa has none of its own. */
export function rateOf({ inventory }: Subject, { name }: RouterPlan): string | undefined {
  return inventory.perangkatDaerah.find((agency) => agency.name === name)?.bandwidth.text;
}
