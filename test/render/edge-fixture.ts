import type { EdgePlan, PublicationPlan } from "../../modules/plan/edge-plan.ts";
import type { ServerPlan } from "../../modules/plan/vps-plan.ts";
import { addresses, lists, prefixes } from "./router-fixture.ts";

/** An edge made by hand, in the block of router-fixture.ts. */
export const EDGE: ServerPlan = {
  name: "edge1",
  stack: "services",
  segment: "edge",
  address: addresses("10.211.8.10", "fd5c:ad00:7031:78::10"),
  gateway: addresses("10.211.8.1", "fd5c:ad00:7031:78::1"),
  service: addresses("10.210.129.40", "fd5c:ad00:7031:5::40"),
  hostname: "edge1.intra.ujikab.go.id",
};

export function edgePlan(
  publications: readonly PublicationPlan[] = [
    publicationPlan({}),
    publicationPlan({
      id: "sik-puskesmas.sik",
      names: ["sik.dinkes.intra.ujikab.go.id"],
      from: lists([prefixes("10.210.3.0/24", "fd5c:ad00:7031:3::/64")]),
    }),
  ],
): EdgePlan {
  return {
    servers: [EDGE],
    asked: EDGE.service,
    publications,
    certificates: publications.map(({ id, names }) => ({ id, names, issuer: "own" })),
    faces: "internet",
  };
}

/** A publication to everybody, but for what is said. */
export function publicationPlan(said: Partial<PublicationPlan>): PublicationPlan {
  return {
    id: "ppdb-online.ppdb",
    vps: "ppdb-online",
    owner: "dinas-pendidikan",
    names: ["ppdb.dindikpora.ujikab.go.id", "ppdb.dindikpora.intra.ujikab.go.id"],
    target: addresses("10.210.128.7", "fd5c:ad00:7031:5::7"),
    port: 80,
    tls: "edge",
    client: "header",
    limit: { perClient: 100, total: 1000 },
    ...said,
  };
}
