import type { CalendarDate } from "../core/calendar-date.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import type { DrcPlan } from "../plan/drc-plan.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { keptVps } from "../plan/vps-state.ts";
import type { LastDrill } from "./last-drill.ts";
import { codeSpan, table } from "./markdown.ts";
import { recoveryOrder } from "./recovery-order.ts";
import { contactsText, coldSteps, failoverSteps, returnSteps } from "./recovery-steps.ts";

/**
 * The Disaster Recovery Plan (Rencana Pemulihan Bencana) in Markdown, in Bahasa Indonesia, for the signature of the head of
 * the Dinas: rendered from the inventory, so that it says what is built, and from the last drill, so that it says what was
 * measured.
 */
export function recoveryPlan(
  inventory: Inventory,
  plan: KabupatenPlan,
  drc: DrcPlan,
  day: CalendarDate,
  drill?: LastDrill,
): string {
  const order = recoveryOrder(keptVps(inventory).filter((vps) => vps.drc !== "none"));
  return [
    `# Rencana Pemulihan Bencana Kabupaten ${plan.title}`,
    `*Disaster Recovery Plan*, disusun dari inventaris pada ${day.text}. Ubah inventaris, bukan dokumen ini.`,
    basis(inventory),
    "## 1. Lokasi",
    sites(inventory),
    "## 2. Jarak dan risiko",
    distance(inventory, drc),
    "## 3. Layanan, urutan pemulihan, RTO dan RPO",
    services(order, drc),
    outside(inventory),
    "## 4. Yang tetap berjalan tanpa tindakan",
    standing(plan),
    "## 5. Langkah bila Pusat Data tidak dapat dipakai",
    failoverSteps(drc),
    "## 6. Langkah bagi server tanpa siaga hangat",
    coldSteps(order.filter((vps) => vps.drc === "cold")),
    "## 7. Kembali ke Pusat Data",
    returnSteps(),
    "## 8. Hasil latihan terakhir",
    drilled(drill),
    "## 9. Kontak",
    contactsText(inventory, order),
    "## 10. Pengesahan",
    "Ditetapkan oleh Kepala Dinas Komunikasi dan Informatika.\n\nTempat, tanggal: ..............................\n\nNama, NIP: ..............................",
  ].join("\n\n");
}

function basis({ kabupaten, duties }: Inventory): string {
  const own = duties.filter(({ topic }) => topic === "drc").map(({ cited }) => cited);
  const cited = own.length === 0 ? [] : [`Dasar: ${[...new Set(own)].join("; ")}.`];
  return [
    ...cited,
    `Penanggung jawab: ${codeSpan(kabupaten.dinas)}. Domain: ${codeSpan(kabupaten.domain.text)}.`,
  ].join(" ");
}

function sites({ kabupaten: { sites: all } }: Inventory): string {
  return table(
    ["Lokasi", "Koordinat", "Prosesor", "Memori", "Disk", "Risiko yang dinyatakan"],
    [...all.values()].map(({ name, location, capacity, risks }) => [
      name === "drc" ? "Disaster Recovery Center" : "Pusat Data",
      `${location.lat}, ${location.lon}`,
      String(capacity.cpu),
      capacity.memory.text,
      capacity.disk.text,
      risks.length === 0 ? "belum dinyatakan" : risks.map(codeSpan).join(", "),
    ]),
  );
}

function distance({ kabupaten }: Inventory, drc: DrcPlan): string {
  const least =
    drc.leastKilometres === undefined
      ? "Jarak minimum **belum ditetapkan** oleh Dinas."
      : `Jarak minimum yang ditetapkan Dinas: ${drc.leastKilometres} km.`;
  const shared =
    drc.sharedRisks.length === 0
      ? "Tidak ada risiko yang dinyatakan oleh kedua lokasi sekaligus."
      : `**Risiko bersama**: ${drc.sharedRisks.map(codeSpan).join(", ")}. Bila terjadi, kedua lokasi dapat terdampak bersamaan; tindakan untuk itu ditulis terpisah dan dilampirkan.`;
  const guessed = [...kabupaten.sites.values()].some(({ isPlaceholder }) => isPlaceholder);
  const caution = guessed ? " Koordinat di atas masih perkiraan." : "";
  return `Jarak Pusat Data ke DRC: ${drc.kilometres.toFixed(1)} km (lingkaran besar).${caution} ${least} ${shared}`;
}

function services(order: readonly Vps[], drc: DrcPlan): string {
  if (order.length === 0) return "Belum ada server yang meminta tempat di DRC.";
  const minutes = Math.round((drc.replica?.everySeconds ?? 0) / 60);
  const rows = order.map((vps, index) => {
    const warm = vps.drc === "warm";
    return [
      String(index + 1),
      codeSpan(vps.name),
      codeSpan(vps.owner),
      codeSpan(vps.purpose),
      vps.classification,
      warm ? "hangat" : "dingin",
      warm ? "30 detik sejak diputuskan" : "selama pemulihan dari cadangan",
      warm
        ? `${minutes} menit${vps.backup.databases.length > 0 ? "; basis data sinkron: 0" : ""}`
        : vps.backup.every.text,
    ];
  });
  return `${table(["No.", "Server", "Pemilik", "Kegunaan", "Klasifikasi", "Siaga", "RTO (sasaran)", "RPO (paling banyak)"], rows)}

Urutan: server yang ditanya server lain lebih dahulu, kemudian menurut klasifikasi dan nama. RTO adalah lama layanan tidak dapat dipakai, RPO adalah data paling baru yang dapat hilang.`;
}

function outside(inventory: Inventory): string {
  const none = keptVps(inventory).filter((vps) => vps.drc === "none");
  return none.length === 0
    ? "Semua server mempunyai tempat di DRC."
    : `Tanpa tempat di DRC, atas permintaan pemiliknya: ${none.map(({ name }) => codeSpan(name)).join(", ")}.`;
}

function standing({ dns, edge }: KabupatenPlan): string {
  const names = dns.secondaries.map(({ name }) => codeSpan(name)).join(" dan ");
  return [
    `- Jaringan: router inti DRC berada pada backbone; kecamatan, Perangkat Daerah dan desa tetap terhubung satu sama lain.`,
    `- Nama: server nama ${names} dan resolver di kedua lokasi menjawab pada alamat yang sama, ${codeSpan(dns.asked.ipv4.text)} dan ${codeSpan(dns.asked.ipv6.text)}. Nama baru menunggu Pusat Data kembali.`,
    ...(edge === undefined
      ? []
      : [
          `- Layanan web: pintu layanan (*edge*) DRC mengambil alih alamat yang diumumkan Pusat Data.`,
        ]),
  ].join("\n");
}

function drilled(drill: LastDrill | undefined): string {
  if (drill === undefined)
    return "Belum ada hasil latihan yang dilampirkan. RTO dan RPO di atas adalah sasaran, bukan hasil ukur.";
  const kind = drill.planned ? "terencana" : "Pusat Data dimatikan tanpa pemberitahuan";
  return `Latihan ${kind}, ${drill.at}.

${table(
  ["Layanan", "RTO terukur (detik)", "Tulisan yang hilang"],
  drill.services.map(({ service, rtoSeconds, lostWrites }) => [
    codeSpan(service),
    rtoSeconds.toFixed(1),
    String(lostWrites),
  ]),
)}`;
}
