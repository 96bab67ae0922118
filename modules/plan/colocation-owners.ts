import type { Diagnostic, Severity } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";

/** What a regulation says about servers that agencies bring. */
export interface ColocationLaw {
  /** Of the obligations in inventory/regulations that it rests on. */
  readonly obligations: readonly string[];
  /** `error` where the regulation names PD Mandiri TIK as those who may; else it is ours to warn. */
  readonly severity: Severity;
  readonly why: string;
}

/** By the regulation that a kabupaten goes by. */
export const COLOCATION_LAWS: ReadonlyMap<string, ColocationLaw> = new Map([
  [
    "perbup-manggarai-52-2021",
    {
      obligations: ["manggarai-8-4", "manggarai-8-5"],
      severity: "error",
      why: "Perbup Manggarai 52/2021 pasal 8 ayat (4): it is PD Mandiri TIK that may procure and run servers of their own; ayat (5): to others Dinas gives a VPS",
    },
  ],
  [
    "perbup-banjar-85-2019",
    {
      obligations: ["banjar-7-4", "banjar-7-5"],
      severity: "error",
      why: "Perbup Banjar 85/2019 pasal 7 ayat (4): it is Perangkat Daerah Mandiri TIK that may procure and run servers of their own; ayat (5): to others Dinas gives a VPS",
    },
  ],
  [
    "perbup-temanggung-83-2021",
    {
      obligations: ["temanggung-14-8", "temanggung-14-9"],
      severity: "warning",
      why: "Perbup Temanggung 83/2021 pasal 14 ayat (7) and (8): every agency places its servers in the Pusat Data and is guaranteed colocation; but who has no ICT staff cannot run one, and ayat (9) gives it a VPS",
    },
  ],
]);

const NO_LAW: ColocationLaw = {
  obligations: [],
  severity: "warning",
  why: "who is not mandiri has no ICT staff of its own to configure, run and maintain a server",
};

/** Servers in racks whose owner is no PD Mandiri TIK. Whatever stands there of Dinas is Dinas's own business. */
export function checkServerOwners({
  kabupaten,
  perangkatDaerah,
  racks,
}: Inventory): readonly Diagnostic[] {
  const { severity, why } = COLOCATION_LAWS.get(kabupaten.regulation) ?? NO_LAW;
  const dependent = new Map(
    perangkatDaerah
      .filter(({ name, mandiri }) => !mandiri && name !== kabupaten.dinas)
      .map((agency) => [agency.name, agency.title]),
  );
  return racks
    .flatMap(({ devices }) => devices)
    .filter(({ server, state, owner }) => server && state !== "removed" && dependent.has(owner))
    .map(({ name, owner, origin }) => ({
      id: "colocation-not-mandiri",
      severity,
      at: origin.at("owner"),
      what: `${name} is a server of ${dependent.get(owner)} (${owner}), which is not mandiri`,
      why,
      fix: `ask for a VPS instead (vps/${name}.yaml), or write mandiri: true in perangkat-daerah/${owner}.yaml once the Bupati has decreed it`,
    }));
}
