import { diagnosticText } from "../core/diagnostic-text.ts";
import type { Approval, ApprovalReason } from "./approvals.ts";
import { codeBlock, codeSpan } from "./markdown.ts";
import { planLines } from "./plan-difference-text.ts";
import type { PullRequest } from "./pull-request.ts";
import { quotaLines, siteLines } from "./room-text.ts";
import type { RequestedField, VpsRequest } from "./vps-request.ts";

/** More would be cut off by the service anyway (GitHub: 65,536 characters), and nobody reads it. */
const LONGEST = 60_000;
const MOST_SHOWN = 40;
/** Where there is room for the least only. */
const FEW = 15;

/**
 * The comment on a pull request: in Bahasa Indonesia, for whoever asks; findings stand as `simpul check` prints them.
 * Begins with a mark that says which comment it is, so that a later one can take its place.
 */
export function pullRequestText(request: PullRequest): string {
  const sections = [
    headline(request),
    section("Yang diminta", request.requests.map((one) => requestLines(one, request)).flat()),
    section("Berkas lain yang diubah", otherFiles(request)),
    ...(request.difference === undefined ? [] : planLines(request.difference)),
    section("Kuota setelah ini", request.room === undefined ? [] : quotaLines(request.room)),
    section("Kapasitas setelah ini", request.room === undefined ? [] : siteLines(request.room)),
    findings(request),
    section(
      "Persetujuan yang diperlukan",
      request.approvals.map((one) => approvalLine(one, request)),
    ),
  ].filter((one) => one !== "");
  const text = [markOf(request.kabupaten), ...sections].join("\n\n");
  return text.length <= LONGEST ? `${text}\n` : `${shortened(request)}\n`;
}

/** Invisible in a comment; the kabupaten's name is a slug. */
export function markOf(kabupaten: string): string {
  return `<!-- simpul pr ${kabupaten} -->`;
}

function headline({ ok, findings, files }: PullRequest): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (!ok)
    return `## ❌ Belum dapat digabung\n\nAda ${errors} kesalahan yang harus diperbaiki dahulu; lihat bagian Temuan.`;
  if (files.length === 0) return "## ✅ Tidak ada perubahan";
  return "## ✅ Dapat digabung\n\nPemeriksaan berhasil. Penggabungan menunggu persetujuan di bagian akhir.";
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`### ${title}`, "", ...limited(lines)].join("\n");
}

function limited(lines: readonly string[]): readonly string[] {
  const more = lines.length - 4 * MOST_SHOWN;
  return more <= 0 ? lines : [...lines.slice(0, 4 * MOST_SHOWN), `- … dan ${more} baris lagi`];
}

const KINDS = { new: "VPS baru", changed: "Perubahan VPS", removed: "VPS dihapus" };

function requestLines(
  { kind, name, owner, fields }: VpsRequest,
  { titles }: PullRequest,
): readonly string[] {
  const title = titles.get(owner);
  const whose = title === undefined ? codeSpan(owner) : `${codeSpan(title)} (${codeSpan(owner)})`;
  return [`- **${KINDS[kind]} ${codeSpan(name)}**, milik ${whose}`, ...fields.map(fieldLine)];
}

function fieldLine({ key, from, to }: RequestedField): string {
  const [old, now] = [from, to].map((text) => (text === undefined ? "tidak ada" : codeSpan(text)));
  return from === undefined ? `  - ${key}: ${now}` : `  - ${key}: ${old} menjadi ${now}`;
}

const STATUS = { added: "baru", removed: "dihapus", altered: "diubah" };

/** Those that are told of in no request. */
function otherFiles({ files, folder, requests }: PullRequest): readonly string[] {
  const told = new Set(requests.map(({ name }) => `${folder}vps/${name}.yaml`));
  return files
    .filter(({ path }) => !told.has(path))
    .map(({ path, status }) => `- ${codeSpan(path)} (${STATUS[status]})`);
}

function findings({ findings: found, known, folder }: PullRequest, most = MOST_SHOWN): string {
  const shown = found.slice(0, most).map((one) => {
    const { at } = one;
    return diagnosticText(
      at === undefined ? one : { ...one, at: { ...at, file: `${folder}${at.file}` } },
    );
  });
  const more = found.length - shown.length;
  const rest = [
    ...(more > 0 ? [`… dan ${more} temuan lagi.`] : []),
    ...(known > 0 ? [`${known} temuan lain sudah ada sebelum perubahan ini.`] : []),
  ];
  const lines = found.length === 0 ? ["Tidak ada temuan baru."] : [codeBlock(shown)];
  return ["### Temuan", "", ...lines, ...rest.flatMap((line) => ["", line])].join("\n");
}

const BECAUSE: Readonly<Record<ApprovalReason["because"], string>> = {
  owner: "pemilik VPS",
  "new-owner": "penerima VPS",
  "owner-changes": "VPS berpindah pemilik",
  "new-vps": "VPS baru",
  "vps-removed": "VPS dihapus",
  "vps-ends": "VPS diakhiri",
  unread: "pemiliknya tidak dapat dibaca",
  "not-its-own": "bukan berkas VPS milik satu PD",
};

function approvalLine({ agency, accounts, reasons }: Approval, { titles }: PullRequest): string {
  const who = accounts.length === 0 ? "" : `: ${accounts.map(codeSpan).join(" atau ")}`;
  const shown = reasons
    .slice(0, 5)
    .map(({ file, because }) => `${codeSpan(file)} (${BECAUSE[because]})`);
  const more =
    reasons.length > shown.length ? [`${reasons.length - shown.length} berkas lagi`] : [];
  const title = codeSpan(titles.get(agency) ?? agency);
  return `- **${title}**${who}, untuk ${[...shown, ...more].join(", ")}`;
}

/** What must be known in any case. */
function shortened(request: PullRequest): string {
  const { kabupaten, approvals } = request;
  const who = approvals.slice(0, FEW).map((one) => approvalLine(one, request));
  return [
    markOf(kabupaten),
    headline(request),
    "Perubahan ini terlalu besar untuk ditampilkan lengkap. Jalankan `npx simpul pr --base main --json` untuk melihat semuanya.",
    findings(request, FEW),
    section("Persetujuan yang diperlukan", who),
  ].join("\n\n");
}
