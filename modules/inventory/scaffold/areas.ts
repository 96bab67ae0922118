import type * as AreaData from "idn-area-data";

import { compareTexts } from "../../core/diagnostic.ts";
import { slugOf } from "../../core/slug.ts";

/** A kabupaten or kota as the Ministry of Home Affairs lists it. */
export interface Regency {
  /** `33.23`. */
  readonly code: string;
  /** Without its kind: `Temanggung`, and `Magelang` for both the kabupaten and the kota. */
  readonly name: string;
  readonly isKota: boolean;
}

export interface Area {
  readonly code: string;
  readonly name: string;
}

export interface KecamatanArea extends Area {
  readonly villages: readonly Area[];
}

/** Everything that the list knows of one kabupaten; sorted by code. */
export interface RegencyAreas extends Regency {
  readonly kecamatan: readonly KecamatanArea[];
}

/** Indonesia's areas down to the village, from the package idn-area-data: the ministry's list (Kepmendagri). */
export class AreaList {
  private constructor(
    readonly regencies: readonly Regency[],
    private readonly kecamatan: ReadonlyMap<string, readonly Area[]>,
    private readonly villages: ReadonlyMap<string, readonly Area[]>,
  ) {}

  /** Reads 84,000 lines: only for who needs it. */
  static async load(): Promise<AreaList> {
    const { getDistricts, getRegencies, getVillages }: typeof AreaData =
      await import("idn-area-data");
    const [regencies, districts, villages] = await Promise.all([
      getRegencies(),
      getDistricts(),
      getVillages(),
    ]);
    return new AreaList(regencies.map(regencyOf), byParent(districts), byParent(villages));
  }

  areasOf(regency: Regency): RegencyAreas {
    const kecamatan = (this.kecamatan.get(regency.code) ?? []).map((area) => ({
      ...area,
      villages: this.villages.get(area.code) ?? [],
    }));
    return { ...regency, kecamatan };
  }
}

/** `Kota Bandung`, `Kabupaten Bandung`. */
export function fullName({ name, isKota }: Regency): string {
  return `${isKota ? "Kota" : "Kabupaten"} ${name}`;
}

/** `kota-bandung`, `bandung`: DESIGN section 3. */
export function folderName({ name, isKota }: Regency): string {
  return `${isKota ? "kota-" : ""}${slugOf(name)}`;
}

/** `Administrasi` says who appoints its head, not what it is called. */
const KIND_AND_NAME = /^(Kabupaten|Kota) (?:Administrasi )?(.+)$/;

function regencyOf({ code, name: listed }: Area): Regency {
  const [, kind, name = listed] = KIND_AND_NAME.exec(spaced(listed)) ?? [];
  return { code, name, isKota: kind === "Kota" };
}

function byParent(areas: readonly Area[]): ReadonlyMap<string, readonly Area[]> {
  const groups = new Map<string, Area[]>();
  for (const { code, name } of areas) {
    const parent = code.slice(0, code.lastIndexOf("."));
    const group = groups.get(parent);
    const area = { code, name: spaced(name) };
    if (group === undefined) groups.set(parent, [area]);
    else group.push(area);
  }
  for (const group of groups.values()) group.sort((a, b) => compareTexts(a.code, b.code));
  return groups;
}

function spaced(name: string): string {
  return name.trim().replaceAll(/\s+/g, " ");
}
