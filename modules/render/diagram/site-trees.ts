import { compareTexts } from "../../core/diagnostic.ts";
import type { EngineRole } from "../../plan/engine-names.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import type { ServerPlan } from "../../plan/vps-plan.ts";
import { serverWords } from "./colocation-words.ts";
import { boxOf } from "./box.ts";
import { routerMark, serverMark } from "./live-words.ts";
import { COLOUR } from "./look.ts";
import { shortPair } from "./short-address.ts";
import type { Subject } from "./subject.ts";
import type { Tree } from "./tree.ts";
import { boxWidth, continuedBox, leafBox, nodeId } from "./wan-boxes.ts";

/** A core router, or another that stands on a site without a segment of its own behind it. */
export function siteRouterTree(subject: Subject, router: RouterPlan): Tree {
  const { plan, live } = subject;
  return {
    id: nodeId(router),
    head: boxOf(
      {
        title: router.title,
        remarks: [`${router.name}, AS ${router.asn}`, shortPair(plan, router.loopback).join(", ")],
        head: true,
        ground: router.tier === "core" ? COLOUR.core : COLOUR.external,
        mark: routerMark(plan, live, router),
      },
      boxWidth(subject),
    ),
    continued: continuedBox(subject, router.title, COLOUR.core),
    line: { colour: COLOUR.core },
    children: [],
  };
}

/** A tenant: its gateway, its segment, and its servers by service address. */
export function gatewayTree(subject: Subject, gateway: RouterPlan): Tree {
  const { plan, live } = subject;
  const segments = plan.segments.filter(
    ({ kind, name }) => kind !== "site" && gateway.interfaces.some((one) => one.segment === name),
  );
  const line = { colour: COLOUR.gateway };
  return {
    id: nodeId(gateway),
    head: boxOf(
      {
        title: gateway.title,
        remarks: [
          `AS ${gateway.asn}, ${gateway.loopback.ipv4}`,
          ...segments.map(({ name, prefix }) => `${name}: ${shortPair(plan, prefix).join(", ")}`),
        ],
        head: true,
        ground: COLOUR.gateway,
        mark: routerMark(plan, live, gateway),
      },
      boxWidth(subject),
    ),
    continued: continuedBox(subject, gateway.title, COLOUR.gateway),
    line,
    children: serversOn(
      plan,
      segments.map(({ name }) => name),
    ).map(({ server, role, remark }) => {
      const mark = serverMark(plan, live, role, server);
      return {
        id: `${role} ${server.name}`,
        box: leafBox(subject, {
          title: server.name,
          remarks: [remark],
          values: shortPair(plan, server.service),
          mark,
        }),
        line,
      };
    }),
  };
}

interface SeatedServer {
  readonly server: ServerPlan & { readonly running?: boolean; readonly external?: boolean };
  readonly role: EngineRole;
  readonly remark: string;
}

function serversOn(plan: KabupatenPlan, segments: readonly string[]): readonly SeatedServer[] {
  const { primary, secondaries, resolvers } = plan.dns;
  const nameServer = { role: "name-server" } as const;
  const all: readonly SeatedServer[] = [
    { server: primary, ...nameServer, remark: "hidden primary name server" },
    ...secondaries.map((server) => ({ server, ...nameServer, remark: "public name server" })),
    ...resolvers.map((server) => ({ server, role: "resolver" as const, remark: "resolver" })),
    ...[...plan.vps, ...plan.colocation].map((server) => ({
      server,
      role: server.role,
      remark: serverWords(server),
    })),
  ];
  return all
    .filter(({ server }) => segments.includes(server.segment))
    .toSorted((a, b) => compareTexts(a.server.name, b.server.name));
}
