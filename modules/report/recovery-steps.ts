import type { Contact, Inventory, Vps } from "../inventory/model.ts";
import type { DrcPlan } from "../plan/drc-plan.ts";
import { atDrc, DRC_STACK } from "../plan/part-names.ts";
import { codeBlock, codeSpan, table } from "./markdown.ts";

/** What is done when the Pusat Data cannot be used; steps of people beside the commands. */
export function failoverSteps({ standbys }: DrcPlan): string {
  const number = standbys.length;
  return [
    "1. Pastikan bahwa Pusat Data memang tidak dapat dipakai: `simpul verify wan` dari tempat di luar Pusat Data. Gangguan satu router bukan bencana.",
    "2. Kepala Dinas atau pejabat yang ditunjuk memutuskan pemindahan; catat waktu dan alasannya.",
    `3. Lihat umur salinan: \`simpul verify drc\`. ${number} server siaga hangat harus siap.`,
    "4. Lihat langkah tanpa mengubah apa pun, lalu jalankan:",
    codeBlock(["simpul drill drc --dry-run", "simpul drill drc --yes"], "sh"),
    "5. Perintah yang terputus diulang sama persis; ia melanjutkan. Dua lokasi tidak pernah aktif bersamaan: saksi di satu POP yang memutuskan.",
    "6. Beri tahu Perangkat Daerah (bagian 9) bahwa layanan berjalan dari DRC, dan data sampai kapan yang ada.",
  ].join("\n");
}

/** For each server that is made again from the copy of its backup at the DRC. */
export function coldSteps(cold: readonly Vps[]): string {
  const [first] = cold;
  if (first === undefined) return "Tidak ada server dengan siaga dingin.";
  const names = cold.map(({ name }) => codeSpan(name)).join(", ");
  return [
    `Berlaku bagi ${names}. Tempatnya di DRC sudah dihitung dalam kapasitas; server dibuat saat diperlukan. Contoh untuk ${codeSpan(first.name)}:`,
    `1. Tulis \`drc: warm\` pada berkas ${codeSpan(`vps/${first.name}.yaml`)}.`,
    "2. Buat server siaganya, lalu kembalikan datanya dari salinan cadangan di DRC, dan umumkan alamatnya:",
    codeBlock(
      [
        `simpul deploy --only ${DRC_STACK} --yes`,
        `simpul restore ${first.name} --to ${atDrc(first.name)}`,
        `simpul drill drc --yes`,
      ],
      "sh",
    ),
  ].join("\n");
}

/** The way back, once the Pusat Data is whole. */
export function returnSteps(): string {
  return [
    "1. Nyalakan Pusat Data. Pengumumannya tidak mengambil alih layanan: jalur ke DRC tetap lebih pendek sampai dipindahkan kembali.",
    "2. Samakan data dari DRC ke Pusat Data, lalu pindahkan layanan satu per satu; `simpul drill drc` melanjutkan dari keadaan terakhir.",
    "3. Periksa: `simpul verify all` harus tanpa temuan, dan `simpul verify drc` harus menunjukkan salinan baru bagi setiap server siaga.",
    "4. Simpan hasilnya sebagai bukti, dan perbarui dokumen ini.",
  ].join("\n");
}

/** The Dinas first, then owners in the order in which their servers come back. */
export function contactsText(
  { kabupaten, perangkatDaerah }: Inventory,
  order: readonly Vps[],
): string {
  const slugs = [...new Set([kabupaten.dinas, ...order.map(({ owner }) => owner)])];
  const rows = slugs.flatMap((slug) => {
    const agency = perangkatDaerah.find(({ name }) => name === slug);
    if (agency === undefined) return [];
    const { tier1, tier2 } = agency.contacts;
    return [...tier1, ...tier2].map((contact) => [codeSpan(agency.title), ...cells(contact)]);
  });
  return table(["Perangkat Daerah", "Nama", "Surel", "Telepon"], rows);
}

function cells({ name, email, phone }: Contact): readonly string[] {
  return [codeSpan(name), codeSpan(email), phone === undefined ? "-" : codeSpan(phone)];
}
