import * as v from "valibot";

import type { RouterSite } from "../model.ts";
import { hostAddress, prefixLength } from "./addresses.ts";
import { choice, pack, wholeNumber } from "./field.ts";
import { mapping } from "./collections.ts";
import { slug } from "./values.ts";

const EXAMPLE = "{ at: parakan, kind: container }";

const fields = {
  kind: v.optional(
    choice(["container", "external"], "a router runs here or is somebody's device"),
    "container",
  ),
  address: v.optional(hostAddress("10.68.0.9")),
  platform: v.optional(
    choice(["routeros", "frr", "bird"], "the configuration is written in its language"),
  ),
};

/** Of an agency: says the POP itself. */
export const routerSchema = distinguished(
  mapping({ at: slug("it names a POP of wan/topology.yaml", "parakan"), ...fields }, EXAMPLE),
);

/** Of a desa: the POP is its kecamatan's. */
export const desaRouterSchema = distinguished(mapping(fields, "{ kind: container }"));

interface RouterFields {
  readonly kind: "container" | "external";
  readonly address?: string | undefined;
  readonly platform?: "routeros" | "frr" | "bird" | undefined;
}
/** What a file says of a router, apart from where it hangs. */
export type RouterDevice =
  | Omit<Extract<RouterSite, { kind: "container" }>, "at">
  | Omit<Extract<RouterSite, { kind: "external" }>, "at">;

/** An external router needs its address and platform; a container has neither. */
function distinguished<T extends RouterFields>(
  schema: v.GenericSchema<unknown, T>,
): v.GenericSchema<unknown, Omit<T, keyof RouterFields> & RouterDevice> {
  return v.pipe(
    schema,
    v.rawTransform<T, Omit<T, keyof RouterFields> & RouterDevice>(
      ({ dataset, addIssue, NEVER }) => {
        const { kind, address, platform, ...rest } = dataset.value;
        const complain = (
          key: "address" | "platform",
          complaint: Parameters<typeof pack>[0],
        ): void =>
          addIssue({
            message: pack(complaint),
            path: [{ type: "object", origin: "key", input: { kind }, key, value: undefined }],
          });
        if (kind === "external" && address !== undefined && platform !== undefined)
          return { ...rest, kind, address, platform };
        if (kind === "container" && address === undefined && platform === undefined)
          return { ...rest, kind };
        for (const key of ["address", "platform"] as const)
          if (kind === "container" && dataset.value[key] !== undefined)
            complain(key, {
              id: "router-kind",
              predicate: "belongs to an external router only",
              why: "a container's address and software come from the plan",
              fix: "remove it, or write kind: external",
            });
          else if (kind === "external" && dataset.value[key] === undefined)
            complain(key, {
              id: "router-kind",
              predicate: "is missing for an external router",
              why: "the centre must reach it and write its configuration",
              fix: key === "address" ? "add address: 10.68.0.9" : "add platform: routeros",
            });
        return NEVER;
      },
    ),
  );
}

/** From a /16 to a /30: the smallest that holds a router and a device. */
export const lanSchema = mapping(
  {
    size: prefixLength(
      16,
      30,
      "/24",
      "a LAN holds a router and a device beside its network and broadcast address; a /31 is a line between two routers (RFC 3021), and a /32 one address",
    ),
    devices: wholeNumber(1, 65_000, { why: "the network is sized for them", example: "40" }),
  },
  "{ size: /24, devices: 40 }",
);
