import { readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { VPS_FIELDS, VPS_IMAGES } from "../../modules/inventory/schema/vps.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

const NAME = "ppdb-online";
const FILE = `vps/${NAME}.yaml`;
const PAGE = path.join(ROOT, "docs/vps-fields.md");
const TABLE = /<!-- table -->\n[^]*?(?=\n- )/;
const OTHER_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOPpdCf1wAlmg7/1Vpv9nTTEPfUqnTqbUjN+sm5OZ5we tik@dinkes";
const OTHER_IMAGE = VPS_IMAGES.find((image) => image !== "debian-12");

/** One edit of the file of a running server. */
interface Edit {
  readonly field: string;
  /** For the table. */
  readonly words: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const put = (field: string, words: string, to: string): Edit => ({
  field,
  words,
  from: new RegExp(`^${field}: .*$`, "m"),
  to: `${field}: ${to}`,
});
const add = (field: string, words: string, ...lines: readonly string[]): Edit => ({
  field,
  words,
  from: /$/,
  to: `${lines.join("\n")}\n`,
});

/** Applied together at the end: none of them may restart the server. */
const LIVE: readonly Edit[] = [
  put("purpose", "other words", "Pendaftaran siswa"),
  put("classification", "another class", "rahasia"),
  put("cpu", "more or less", "0.75"),
  put("memory", "more", "768MiB"),
  { field: "ssh_keys", words: "one more, or one less", from: '"]', to: `", "${OTHER_KEY}"]` },
  put("publish", "another port", "[{ name: ppdb, port: 8443, audience: internet }]"),
  put("publish", "another audience", "[{ name: ppdb, port: 443, audience: [dinas-kesehatan] }]"),
  put("publish", "none", "[]"),
  add("egress", "one more", "egress: [{ to: sik-puskesmas, port: 443 }]"),
  put("backup", "another schedule", "{ every: 6h, paths: [/srv, /home] }"),
  put("drc", "another standby", "none"),
  add("replication", "`async`", "replication: async"),
  put("expires", "another day", "2028-06-30"),
];

const EDITS: readonly Edit[] = [
  put("name", "another name, the file's stays", "ppdb-baru"),
  add("was", "a former name that the lock does not know", "was: ppdb-lama"),
  put("owner", "another agency", "dinas-kesehatan"),
  ...LIVE,
  put("memory", "less", "256MiB"),
  put("disk", "more", "2GiB"),
  put("disk", "less", "512MiB"),
  add("packages", "one more", "packages: [git]"),
  put("image", "another of the catalogue", OTHER_IMAGE ?? "debian-12"),
  put("image", "none of the catalogue", "debian-1"),
  add("state", "`suspended`", "state: suspended"),
  add("state", "`archived`, without a final backup", "state: archived"),
  add(
    "final_backup",
    "the proof, with `state: archived`",
    "state: archived",
    `final_backup: { snapshot: 4f2a9c1e, date: 2026-11-20, sha256: ${"0a".repeat(32)} }`,
  ),
  add(
    "without_backup",
    "the owner's word, with `state: archived`",
    "state: archived",
    "without_backup: Data sudah dipindahkan",
  ),
  add("without_backup", "while it is active", "without_backup: Data sudah dipindahkan"),
];

interface Planned {
  readonly ok: boolean;
  readonly findings: readonly { id: string; severity: string; fix: string }[];
  readonly stacks?: readonly {
    readonly changes: readonly {
      readonly action: string;
      readonly type: string;
      readonly role: string;
      readonly name: string;
      readonly detail: string;
    }[];
  }[];
}

/** What the host does, beside terraform's provider. */
const STEPS: Readonly<Record<string, string>> = {
  disk: "its disk",
  limits: "its limits",
  packages: "its packages",
  stop: "it is stopped",
};

/** `live`, `restart`, `refused …`, or `nothing`, and what else changes. */
function outcomeOf({ findings, stacks = [] }: Planned): readonly [string, string] {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    return ["refused", `check: ${[...new Set(errors.map(({ id }) => `\`${id}\``))].join(", ")}`];
  const named = findings.filter(({ id }) => id.startsWith("unnamed-") || id === "disk-shrinks");
  const shrinks = named.find(({ id }) => id === "disk-shrinks");
  if (shrinks !== undefined) return ["refused", `deploy: \`${shrinks.id}\``];
  if (named.length > 0) {
    const flags = named.map(({ fix }) => /--\w+ [\w-]+\/[\w-]+/.exec(fix)?.[0] ?? fix);
    return ["refused unless named", [...new Set(flags)].join(" ")];
  }
  const changes = stacks.flatMap((stack) => stack.changes);
  const own = changes.find(({ type, role }) => type === "docker_container" && role === "vps");
  const others = [
    ...new Set(
      changes.map(({ type, role, name }) =>
        type === "terraform_data"
          ? (STEPS[name.slice(`vps-${NAME}-`.length)] ?? stepOfOthers(name))
          : role === "vps"
            ? "the server itself"
            : role === "config" && name === NAME
              ? "its keys"
              : role === "config" && name === "name-server"
                ? "names"
                : role === "config" && name === "edge"
                  ? "the edge"
                  : role === "config"
                    ? "its gateway's rules"
                    : role === "backup-runner"
                      ? "its backup agent"
                      : `${role} ${name}`,
      ),
    ),
  ].toSorted();
  if (changes.length === 0) return ["nothing", ""];
  const isRestart = own?.detail.includes("will be stopped") === true;
  return [isRestart ? "restart" : "live", others.join(", ")];
}

function stepOfOthers(name: string): string {
  if (name === `backup-server-${NAME}-disk`) return "its repository's disk";
  return name.startsWith("secrets-edge") ? "certificates" : name;
}

describe("every field of a VPS file, edited on a running kabupaten", () => {
  let lab: KabupatenLab;
  let file: string;

  const edited = (text: string, { from, to, words }: Edit): string => {
    const result = text.replace(from, to);
    if (result === text && words !== "another of the catalogue")
      throw new Error(`no edit: ${words}`);
    return result;
  };
  const started = async (): Promise<string> =>
    (
      await lab.docker(
        "inspect",
        "-f",
        "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}",
        `simpul-${KABUPATEN}-vps-${NAME}`,
      )
    ).stdout;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    file = await readFile(path.join(lab.inventory, KABUPATEN, FILE), "utf8");
    const said = await lab.simpul("deploy", "--yes");
    if (said.exitCode !== 0) throw new Error(said.stdout + said.stderr);
  }, 300_000);

  afterAll(() => lab.remove(), 120_000);

  it("has an edit here", () => {
    const fields = [...new Set(EDITS.map(({ field }) => field))];
    expect(fields.toSorted()).toEqual(VPS_FIELDS.toSorted());
  });

  it("leads to what docs/vps-fields.md says", async () => {
    const rows: string[] = [];
    const inOrder = EDITS.toSorted(
      (a, b) => VPS_FIELDS.indexOf(a.field) - VPS_FIELDS.indexOf(b.field),
    );
    for (const edit of inOrder) {
      if (edit.words === "another of the catalogue" && OTHER_IMAGE === undefined) continue;
      await lab.write(FILE, edited(file, edit));
      const { stdout } = await lab.simpul("plan", "--json", "--today", "2026-11-23");
      const [outcome, what] = outcomeOf(JSON.parse(stdout) as Planned);
      rows.push(`| \`${edit.field}\` | ${edit.words} | ${outcome} | ${what} |`);
    }
    await lab.write(FILE, file);
    const table = [
      "| field | edit | leads to | what changes, or who refuses |",
      "|---|---|---|---|",
    ];
    const page = await readFile(PAGE, "utf8");
    const written = page.replace(TABLE, `<!-- table -->\n${[...table, ...rows].join("\n")}\n`);
    await expect(written).toMatchFileSnapshot(PAGE);
  }, 600_000);

  it("is live where it says so: the server runs on through all of them at once", async () => {
    const before = await started();
    const once = new Map(LIVE.map((edit) => [edit.field, edit]));
    await lab.write(FILE, [...once.values()].reduce(edited, file));
    const said = await lab.simpul("deploy", "--yes");
    expect([said.exitCode, said.exitCode === 0 ? "" : said.stdout]).toEqual([0, ""]);
    expect(await started()).toBe(before);
    expect(await lab.simpul("plan", "--expect-no-changes")).toMatchObject({ exitCode: 0 });
    const { stdout } = await lab.docker(
      "inspect",
      "-f",
      "{{.HostConfig.Memory}} {{.HostConfig.CpuQuota}}",
      `simpul-${KABUPATEN}-vps-${NAME}`,
    );
    expect(stdout.trim()).toBe(`${768 * 2 ** 20} 75000`);
    const keys = await lab.inside(`vps-${NAME}`, "cat", "/etc/simpul/authorized_keys");
    expect(keys.stdout).toContain(OTHER_KEY);
  }, 180_000);
});
