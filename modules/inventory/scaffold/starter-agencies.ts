import type { PerangkatDaerahKind } from "../model.ts";
import { fullName, type Regency } from "./areas.ts";

/** What a perangkat-daerah file says, before its contacts and POP are known. */
export interface StarterAgency {
  /** Slug and name of the file. */
  readonly slug: string;
  readonly title: string;
  readonly kind: PerangkatDaerahKind;
  readonly subdomain: string;
  readonly size: Size;
}

/** A guess at how large an office is. */
export type Size = keyof typeof SIZES;
export const SIZES = {
  large: { lan: 24, devices: 100, bandwidth: "100Mbps" },
  medium: { lan: 25, devices: 50, bandwidth: "50Mbps" },
  small: { lan: 26, devices: 25, bandwidth: "20Mbps" },
} as const;

type Row = readonly [slug: string, title: string, subdomain: string, size: Size];

const SEKRETARIAT: readonly Row[] = [
  ["sekretariat-daerah", "Sekretariat Daerah", "setda", "large"],
  ["sekretariat-dprd", "Sekretariat DPRD", "setwan", "medium"],
];
const INSPEKTORAT: readonly Row[] = [["inspektorat", "Inspektorat Daerah", "inspektorat", "small"]];
const DINAS: readonly Row[] = [
  ["dinas-kependudukan", "Dinas Kependudukan dan Pencatatan Sipil", "disdukcapil", "medium"],
  ["dinas-kesehatan", "Dinas Kesehatan", "dinkes", "medium"],
  ["dinas-kominfo", "Dinas Komunikasi dan Informatika", "diskominfo", "large"],
  ["dinas-koperasi", "Dinas Koperasi, Usaha Kecil dan Menengah", "dinkopukm", "small"],
  ["dinas-lingkungan-hidup", "Dinas Lingkungan Hidup", "dlh", "small"],
  [
    "dinas-pariwisata",
    "Dinas Pariwisata, Kebudayaan, Kepemudaan dan Olahraga",
    "disparpora",
    "small",
  ],
  ["dinas-pekerjaan-umum", "Dinas Pekerjaan Umum dan Penataan Ruang", "dpupr", "medium"],
  [
    "dinas-pemberdayaan-perempuan",
    "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "dp3ap2kb",
    "small",
  ],
  [
    "dinas-penanaman-modal",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "dpmptsp",
    "small",
  ],
  ["dinas-pendidikan", "Dinas Pendidikan", "disdik", "medium"],
  ["dinas-perdagangan", "Dinas Perdagangan dan Perindustrian", "disdagperin", "small"],
  ["dinas-perhubungan", "Dinas Perhubungan", "dishub", "small"],
  ["dinas-perikanan", "Dinas Perikanan", "diskan", "small"],
  ["dinas-perpustakaan", "Dinas Perpustakaan dan Kearsipan", "dispusip", "small"],
  ["dinas-pertanian", "Dinas Pertanian dan Ketahanan Pangan", "distan", "small"],
  [
    "dinas-perumahan",
    "Dinas Perumahan Rakyat, Kawasan Permukiman dan Pertanahan",
    "disperkim",
    "small",
  ],
  ["dinas-sosial", "Dinas Sosial", "dinsos", "small"],
  ["dinas-tenaga-kerja", "Dinas Tenaga Kerja dan Transmigrasi", "disnaker", "small"],
  ["satuan-polisi-pamong-praja", "Satuan Polisi Pamong Praja", "satpolpp", "small"],
];
const DESA: Row = [
  "dinas-pemberdayaan-masyarakat",
  "Dinas Pemberdayaan Masyarakat dan Desa",
  "dpmd",
  "small",
];
const BADAN: readonly Row[] = [
  ["badan-kepegawaian", "Badan Kepegawaian dan Pengembangan SDM", "bkpsdm", "small"],
  ["badan-kesatuan-bangsa", "Badan Kesatuan Bangsa dan Politik", "bakesbangpol", "small"],
  ["badan-keuangan", "Badan Pengelolaan Keuangan dan Aset Daerah", "bpkad", "medium"],
  ["badan-penanggulangan-bencana", "Badan Penanggulangan Bencana Daerah", "bpbd", "small"],
  ["badan-pendapatan", "Badan Pendapatan Daerah", "bapenda", "medium"],
  ["badan-perencanaan", "Badan Perencanaan Pembangunan Daerah", "bappeda", "small"],
];

/**
 * The agencies that most kabupaten have (PP 18/2016 on perangkat daerah and its annex of government affairs), apart from
 * the kecamatan. Each kabupaten's own list is in its peraturan daerah: this one is there to be edited.
 */
export function starterAgencies(regency: Regency): readonly StarterAgency[] {
  const rsud: Row = ["rsud", `RSUD ${fullName(regency)}`, "rsud", "large"];
  return [
    ...ofKind("sekretariat", SEKRETARIAT),
    ...ofKind("inspektorat", INSPEKTORAT),
    ...ofKind("dinas", regency.isKota ? DINAS : [...DINAS, DESA]),
    ...ofKind("badan", BADAN),
    ...ofKind("rsud", [rsud]),
  ];
}

function ofKind(kind: PerangkatDaerahKind, rows: readonly Row[]): readonly StarterAgency[] {
  return rows.map(([slug, title, subdomain, size]) => ({ slug, title, kind, subdomain, size }));
}
