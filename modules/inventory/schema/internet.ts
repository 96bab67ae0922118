import * as v from "valibot";

import { Address } from "../../core/address.ts";
import { Fault } from "../../core/fault.ts";
import { InterfaceAddress } from "../../core/interface-address.ts";
import { PortRange } from "../../core/port-range.ts";
import { list, mapping } from "./collections.ts";
import { choice, field, pack, words, wrongShape } from "./field.ts";
import { interfaceName, rate } from "./values.ts";

/** Lengths of a segment towards a provider that the engine can build and that leave room for both ends. */
const LENGTHS = { 4: [8, 30], 6: [32, 126] } as const;
const UNUSABLE = /^(?:0|127|169\.254|22[4-9]|2[34]\d|25[0-5])\./;

const EXAMPLE =
  "{ interface: eth1, ipv4: 203.0.113.10/29, gateway: 203.0.113.9, bandwidth: 1Gbps }";

const access = mapping(
  {
    interface: v.optional(interfaceName("eth1")),
    ipv4: outerAddress(4, "203.0.113.10/29"),
    gateway: gateway(4, "203.0.113.9"),
    ipv6: v.optional(outerAddress(6, "2001:db8:7::2/64")),
    gateway6: v.optional(gateway(6, "2001:db8:7::1")),
    bandwidth: rate("1Gbps"),
  },
  EXAMPLE,
);
type Access = v.InferOutput<typeof access>;

/** Of an engine: `none`, or what the provider handed over. */
export const internetAccessSchema = v.optional(noneOrAccess(), "none");

const deniedPorts = mapping(
  {
    ports: field(PortRange.parse, {
      id: "port-form",
      why: "connections to these ports do not leave",
      example: "135-139",
    }),
    protocol: v.optional(choice(["tcp", "udp"], "ports belong to TCP or UDP; both when absent")),
    why: words(120, "outgoing mail goes through the mail server of the Dinas"),
  },
  "{ ports: 25, protocol: tcp, why: outgoing mail goes through the mail server }",
);

/** What no computer of an agency has a reason to ask of strangers; a kabupaten's own list takes its place. */
const USUALLY_DENIED = [
  {
    ports: "25",
    protocol: "tcp",
    why: "mail leaves through a mail server: one infected computer would get all on blacklists (RFC 5068 section 3.1)",
  },
  {
    ports: "135-139",
    why: "Windows RPC and NetBIOS spread worms and are of no use over the internet",
  },
  { ports: "445", why: "Windows file sharing gives passwords to strangers and spreads worms" },
];

/** Of a kabupaten: what leaves to the internet, whoever asks. */
export const internetRulesSchema = v.optional(
  mapping(
    {
      deny: v.optional(
        list(deniedPorts, 0, "[{ ports: 25, protocol: tcp, why: ... }]"),
        () => USUALLY_DENIED,
      ),
    },
    "{ deny: [...] }",
  ),
  () => ({}),
);

function noneOrAccess(): v.GenericSchema<unknown, "none" | Access> {
  const none = choice(["none"], "an engine has no way to the internet, or says which");
  const neither = v.pipe(
    v.unknown(),
    v.rawTransform<unknown, "none">(({ dataset, addIssue, NEVER }) => {
      addIssue({ message: pack(wrongShape(dataset.value, "none or a mapping", EXAMPLE)) });
      return NEVER;
    }),
  );
  return v.lazy((input) => {
    if (input === "none") return none;
    return typeof input === "object" && input !== null && !Array.isArray(input) ? access : neither;
  });
}

function outerAddress(family: 4 | 6, example: string): v.GenericSchema<unknown, InterfaceAddress> {
  const [least, most] = LENGTHS[family];
  return field(
    (text) => {
      const outer = InterfaceAddress.parse(text);
      if (outer instanceof Fault) return outer;
      const refusal = unusable(text, outer.address, family, example);
      if (refusal !== undefined) return refusal;
      if (outer.prefix.length >= least && outer.prefix.length <= most) return outer;
      return new Fault(
        `"${text}" is on a segment that is not between /${least} and /${most}`,
        "write the length that the provider named",
      );
    },
    {
      id: "outer-address-form",
      why: "it is the address by which the internet sees the kabupaten",
      example,
    },
  );
}

function gateway(family: 4 | 6, example: string): v.GenericSchema<unknown, Address> {
  return field(
    (text) => {
      const address = Address.parse(text);
      return address instanceof Fault
        ? address
        : (unusable(text, address, family, example) ?? address);
    },
    { id: "address-form", why: "it is the provider's next hop", example },
  );
}

function unusable(
  text: string,
  address: Address,
  family: 4 | 6,
  example: string,
): Fault | undefined {
  if (address.family !== family)
    return new Fault(`"${text}" is not an IPv${family} address`, `write it as ${example}`);
  const isUsable =
    family === 4
      ? !UNUSABLE.test(address.text)
      : address.value >> 64n !== 0n && address.value >> 118n < 0x3fan;
  return isUsable
    ? undefined
    : new Fault(
        `"${text}" is not an address that a neighbour can have beyond its own link`,
        "write the one that the provider named; a link-local or multicast address is none",
      );
}
