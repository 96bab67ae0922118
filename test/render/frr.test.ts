import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { deviceFiles } from "../../modules/render/device-files.ts";
import { frrConfig } from "../../modules/render/frr.ts";
import { testImage } from "../twin/test-image.ts";
import { device, HOSTILE_TITLES } from "./device-fixture.ts";
import { kabupatenWithExit } from "./exit-fixture.ts";
import { kabupaten } from "./router-fixture.ts";

const { core, pop, gateway, agencies } = kabupaten(2);
const [agency] = agencies as [RouterPlan];
const config = (router: RouterPlan): string => frrConfig(device(router, "frr"));

describe("frrConfig", () => {
  it.each<readonly [string, RouterPlan]>([
    ["agency", agency],
    ["pop", pop],
    ["core", core],
    ["gateway", gateway],
    ["agency with internet", kabupatenWithExit().agencies[0]!],
    ["core with internet", kabupatenWithExit().core],
    ...HOSTILE_TITLES.map((title) => [`agency called ${title}`, { ...agency, title }] as const),
  ])("is read by FRR and nft without a complaint: %s", (_, router) => {
    expect(judged(router)).toEqual({ status: 0, said: "" });
  });

  it("is refused by FRR when a line is wrong", () => {
    const { status, said } = judged(agency, (text) => text.replace("router bgp", "router pgb"));
    expect([status, said]).toEqual([2, expect.stringContaining("Unknown command")]);
  });

  it.each(HOSTILE_TITLES)("takes a title as data: %j", (title) => {
    const usual = config(agency).split("\n");
    const hostile = config({ ...agency, title }).split("\n");
    expect(hostile.filter((line) => !usual.includes(line))).toEqual([
      expect.stringMatching(/^! dinas-1: /),
    ]);
  });

  it("announces exactly what the plan lets the POP believe, and believes nobody about its own", () => {
    const lines = config(agency).split("\n");
    const allowed = pop.hubs[0]!.peers[0]!.mayAnnounce;
    expect(lines.filter((line) => line.startsWith("ip prefix-list to-uplink4"))).toEqual(
      allowed.ipv4.map(
        ({ text }, at) => `ip prefix-list to-uplink4 seq ${(at + 1) * 5} permit ${text}`,
      ),
    );
    expect(lines).toContain("ip prefix-list from-uplink4 seq 10 deny 10.212.1.0/24 le 32");
  });

  it("believes each neighbour of a hub its own prefixes only", () => {
    const text = config(pop);
    expect(text).toContain(
      "ip prefix-list from-dinas-1-access-parakan-4 seq 5 permit 10.209.1.11/32\n" +
        "ip prefix-list from-dinas-1-access-parakan-4 seq 10 permit 10.212.1.0/24\n!\n",
    );
    expect(text).toContain("neighbor 10.208.16.10 route-map from-dinas-1-access-parakan-4 in");
  });

  it("sends a POP's aggregates to the core, and nothing that lies inside them", () => {
    const sent = config(pop)
      .split("\n")
      .filter((line) => line.startsWith("ip prefix-list to-uplink4"))
      .map((line) => line.split(" ").at(-1));
    expect(sent).toEqual(["10.209.1.0/24", "10.212.0.0/18"]);
  });
});

/** What vtysh and nft say to the files of this router, in the image that the twin runs. */
function judged(
  router: RouterPlan,
  change = (text: string): string => text,
): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "simpul-frr-"));
  try {
    for (const file of deviceFiles(device(router, "frr")))
      writeFileSync(path.join(folder, file.path), change(file.text));
    const check = "vtysh --dryrun --inputfile /c/frr.conf && nft --check --file /c/nftables.conf";
    const { status, stdout, stderr } = spawnSync(
      "docker",
      [
        ...["run", "--rm", "--network", "none", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"],
        ...["--cap-add", "DAC_OVERRIDE", "--volume", `${folder}:/c:ro`],
        ...["--entrypoint", "bash", testImage("frr-device"), "-c", check],
      ],
      { encoding: "utf8", timeout: 60_000 },
    );
    return { status, said: (stdout + stderr).trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
