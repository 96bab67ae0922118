import { kilometresBetween } from "../core/coordinates.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import { hasDrc } from "./drc-seats.ts";
import { sharedRisks } from "./shared-risks.ts";
import { keptVps } from "./vps-state.ts";

const FAR = "a DRC stands far from the Pusat Data (Perbup Sintang 102/2019 pasal 16(11))";

/** Whether the DRC can be of use when the Pusat Data is struck: how far it is, what may strike both, what is to stand there. */
export function checkSites(inventory: Inventory): readonly Diagnostic[] {
  return [...distance(inventory), ...risks(inventory), ...standbysNowhere(inventory)];
}

/** Places that `simpul init` guessed say nothing about the distance, and are a finding of their own. */
function distance({ kabupaten: { sites, origin } }: Inventory): readonly Diagnostic[] {
  const [pusatData, drc] = [sites.get("pusat-data"), sites.get("drc")];
  if (pusatData === undefined || drc === undefined) return [];
  const least = drc.minimumDistance;
  if (least === undefined)
    return [
      {
        id: "site-distance-unset",
        severity: "warning",
        at: origin.at("sites", "drc"),
        what: "nobody has said how far from the Pusat Data the DRC must be",
        why: `${FAR}; no regulation gives a number, so the Dinas does, by what strikes at its place`,
        fix: "write minimum_distance: 50km below sites: drc:, and record who decided it",
      },
    ];
  const between = kilometresBetween(pusatData.location, drc.location);
  if (between >= least || pusatData.isPlaceholder || drc.isPlaceholder) return [];
  return [
    {
      id: "sites-too-near",
      severity: "error",
      at: origin.at("sites", "drc", "location"),
      what: `the DRC stands ${between.toFixed(1)} km from the Pusat Data, and the Dinas asks for ${least} km`,
      why: FAR,
      fix: "choose another place, or correct the coordinates; the minimum is minimum_distance",
    },
  ];
}

function risks({ kabupaten: { sites, origin } }: Inventory): readonly Diagnostic[] {
  const [pusatData, drc] = [sites.get("pusat-data"), sites.get("drc")];
  if (pusatData === undefined || drc === undefined) return [];
  return sharedRisks(pusatData.risks, drc.risks).map((risk) => ({
    id: "sites-share-risk",
    severity: "warning",
    at: origin.at("sites", "drc", "risks", drc.risks.indexOf(risk)),
    what: `${risk} can strike the Pusat Data and the DRC at once`,
    why: "both sites declare it; what strikes one of them must leave the other alone, however far they are apart",
    fix: "give one of them another way (power, line, place) and take the risk off its list, or keep it and say in the Disaster Recovery Plan what is done then",
  }));
}

function standbysNowhere(inventory: Inventory): readonly Diagnostic[] {
  if (hasDrc(inventory)) return [];
  return keptVps(inventory)
    .filter(({ drc }) => drc === "warm")
    .map(({ name, origin }) => ({
      id: "standby-nowhere",
      severity: "warning",
      at: origin.at("drc"),
      what: `${name} asks for a warm standby, and no core router stands at the DRC`,
      why: "without one the DRC is no site of the network, and nothing is built there",
      fix: "add a core router with site: drc to wan/topology.yaml, or write drc: cold",
    }));
}
