/** `wan/topology.yaml` of the tests' kabupaten in width: two backbone segments, two cores at the Pusat Data, one at the DRC. */
export const WIDE_TOPOLOGY = `segments:
  backbone-a: { medium: fiber }
  backbone-b: { medium: radio }
cores:
  core-pusat-data: { site: pusat-data, segments: [backbone-a, backbone-b] }
  core-pusat-data-2: { site: pusat-data, segments: [backbone-a, backbone-b] }
  core-drc: { site: drc, segments: [backbone-a, backbone-b] }
pops:
  parakan: { kecamatan: "33.23.08", segments: [backbone-a, backbone-b], medium: fiber }
  ngadirejo: { kecamatan: "33.23.09", segments: [backbone-a, backbone-b], medium: radio }
`;
