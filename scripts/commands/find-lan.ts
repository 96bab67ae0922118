import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { nearest } from "../../modules/inventory/suggestion.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import type { Prepared } from "../project.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** The router of an agency or an active desa by its slug; else what was probably meant. */
export function findLan(
  { plan, inventory }: Pick<Prepared, "plan" | "inventory">,
  asked: string,
): RouterPlan | Diagnostic {
  const routers = plan.routers.filter(({ tier }) => tier === "perangkat-daerah" || tier === "desa");
  const found = routers.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const waiting = inventory.desa.find(({ name }) => name === asked);
  if (waiting !== undefined)
    return wrongArgument(
      `${asked} is planned: it has no network yet`,
      `write status: active in ${waiting.origin.file}, then ask again`,
    );
  const named = inventory.perangkatDaerah.find(({ subdomain, title }) =>
    [subdomain, title.toLowerCase()].includes(asked.toLowerCase()),
  );
  const meant =
    named?.name ??
    nearest(
      asked,
      [...routers.map(({ name }) => name), ...inventory.desa.map(({ name }) => name)].toSorted(),
    );
  return wrongArgument(
    `there is no agency or desa "${asked}" in ${plan.title}`,
    meant === undefined
      ? "name it by its file in perangkat-daerah/, or by its slug in desa/; simpul ip list shows all"
      : `write ${meant}`,
  );
}
