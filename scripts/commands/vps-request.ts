import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { DualAddress } from "../../modules/core/dual.ts";
import { keyOfLine, vpsText, type VpsRequest } from "../../modules/inventory/scaffold/vps-text.ts";
import { quotaLine } from "../../modules/plan/capacity-report-text.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { agencyUses, type AgencyUse } from "../../modules/plan/quota.ts";
import { prepare } from "../../stacks/prepare.ts";
import type { CommonOptions } from "../output.ts";
import { dayOf } from "./today.ts";

/** A request that every check let pass, and what it will get. */
export interface Offer {
  /** In the kabupaten's folder: `vps/ppdb-online.yaml`. */
  readonly path: string;
  /** From where the command runs. */
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly owner: string;
  /** Its service address, which never changes. */
  readonly address: { readonly ipv4: string; readonly ipv6: string };
  readonly hostname: string;
  /** Under which it is published. */
  readonly published: readonly string[];
  /** What the agency has then, of its quota. */
  readonly agency: AgencyUse;
  readonly next: readonly string[];
  readonly findings: readonly Diagnostic[];
}

/** What the checks said of a request. */
export interface Tried {
  readonly offer?: Offer;
  readonly findings: readonly Diagnostic[];
  /** Fields of the request that an error stands at. */
  readonly wrong: readonly (keyof VpsRequest)[];
  /** There is a file of this name. */
  readonly isTaken: boolean;
  readonly unreadable: boolean;
}

export { vpsText as requestText };

/** Checks a request as if its file were there already: references, names, capacity, quota, addresses. */
export async function tryRequest(options: CommonOptions, request: VpsRequest): Promise<Tried> {
  const { isTaken } = await import("../../modules/inventory/scaffold/write-kabupaten.ts");
  const text = vpsText(request);
  const name = request.name ?? "";
  const path = `vps/${name}.yaml`;
  const nothing = { wrong: [], isTaken: false, unreadable: false };
  const folder = `${options.inventory}/${options.kabupaten}`;
  if (isTaken(folder, path))
    return { ...nothing, isTaken: true, wrong: ["name"], findings: [alreadyThere(path)] };
  const { inventory, plan, findings, unreadable } = await prepare({
    ...options,
    today: dayOf(options),
    unwritten: { kind: "vps", path, stem: name, text },
  });
  const errors = findings.filter(({ severity }) => severity === "error");
  if (plan === undefined || inventory === undefined)
    return {
      findings: errors,
      wrong: errors.flatMap(({ at }) =>
        at?.file === path ? (keyOfLine(text, at.line) ?? []) : [],
      ),
      isTaken: false,
      unreadable: unreadable === true,
    };
  const own = findings.filter(({ at }) => at?.file === path);
  const agency = agencyUses(inventory).find((use) => use.agency === request.owner)!;
  const offer = offerOf(options, plan, { name, path, text, agency, findings: own });
  return { ...nothing, findings: own, offer };
}

function offerOf(
  { kabupaten, inventory }: CommonOptions,
  plan: KabupatenPlan,
  asked: Pick<Offer, "name" | "path" | "text" | "agency" | "findings">,
): Offer {
  const { name, path } = asked;
  const vps = plan.vps.find((each) => each.name === name)!;
  const file = relative(`${inventory}/${kabupaten}/${path}`);
  return {
    ...asked,
    file,
    owner: vps.owner,
    address: texts(vps.service),
    hostname: vps.hostname,
    published: publishedNames(plan, vps),
    next: [
      `git switch -c vps-${name}`,
      `git add ${file}`,
      `git commit -m "asks for VPS ${name} of ${vps.owner}"`,
      `git push -u origin vps-${name}`,
    ],
  };
}

/** Names other than its own that lead to it, through the edge or straight. */
function publishedNames(
  { dns: { zones }, edge }: KabupatenPlan,
  { name, hostname, service }: KabupatenPlan["vps"][number],
): readonly string[] {
  const answered = (edge?.publications ?? []).filter(({ vps }) => vps === name);
  const names = zones.flatMap(({ records }) =>
    records
      .filter(({ type, data }) => type === "A" && data === service.ipv4.text)
      .map((record) => record.name.replace(/\.$/, "")),
  );
  const all = [...answered.flatMap((one) => one.names), ...names];
  return [...new Set(all)].filter((each) => each !== hostname);
}

/** What is told when the file is written. */
export function offerText({
  file,
  address,
  hostname,
  published,
  agency,
  next,
}: Offer): readonly string[] {
  return [
    `Written: ${file}`,
    `  address  ${address.ipv4} and ${address.ipv6} (pinned when it is merged)`,
    `  name     ${hostname}`,
    ...published.map((name) => `           ${name}`),
    `  quota    ${quotaLine(agency)}`,
    "Next, so that it is asked for:",
    ...next.map((line) => `  ${line}`),
    "  and open a pull request; it is active once that is merged and deployed",
  ];
}

export function alreadyThere(path: string): Diagnostic {
  return {
    id: "vps-exists",
    severity: "error",
    what: `there is a file ${path} already`,
    why: "a request is a new file: what somebody else has written is never written over",
    fix: "choose another name, or change that file by hand",
  };
}

function texts({ ipv4, ipv6 }: DualAddress): Offer["address"] {
  return { ipv4: ipv4.text, ipv6: ipv6.text };
}

/** Short where it lies below the folder that one is in. */
function relative(file: string): string {
  const here = `${process.cwd()}/`;
  return file.startsWith(here) ? file.slice(here.length) : file;
}
