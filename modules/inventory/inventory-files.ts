import type { Lock } from "./model.ts";
import type { Neighbour } from "./neighbours.ts";
import type { ColocationFile } from "./schema/colocation.ts";
import type { DesaFile } from "./schema/desa.ts";
import type { KabupatenFile } from "./schema/kabupaten.ts";
import type { PerangkatDaerahFile } from "./schema/perangkat-daerah.ts";
import type { TopologyFile } from "./schema/topology.ts";
import type { VpsFile } from "./schema/vps.ts";
import type { YamlSource } from "./yaml-source.ts";

/** One file that keeps to its schema. */
export interface Entry<T> {
  /** The file's stem. */
  readonly name: string;
  readonly file: T;
  readonly source: YamlSource;
}

/** All files of a kabupaten, each valid by itself; whether they fit together is for the rules to say. */
export interface InventoryFiles {
  /** Name of the folder. */
  readonly name: string;
  readonly kabupaten: Entry<KabupatenFile>;
  readonly topology: Entry<TopologyFile>;
  readonly perangkatDaerah: readonly Entry<PerangkatDaerahFile>[];
  readonly desa: readonly Entry<DesaFile>[];
  readonly vps: readonly Entry<VpsFile>[];
  readonly colocation: readonly Entry<ColocationFile>[];
  readonly lock: Lock;
  readonly trustAnchors: Lock;
  /** Ids of the regulations that the repository knows. */
  readonly regulations: readonly string[];
  /** The other kabupaten of this inventory. */
  readonly neighbours: readonly Neighbour[];
}
