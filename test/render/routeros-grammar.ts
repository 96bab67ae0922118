/** What one menu of RouterOS 7 takes: the properties that our scripts use, each with the form of its value. */
interface Menu {
  readonly verb: "add" | "set";
  readonly properties: Readonly<Record<string, RegExp>>;
  /** Words without a value. */
  readonly flags?: readonly string[];
  /** What stands between `set` and the properties: `[ find … ]`, or the name of a service. */
  readonly target?: RegExp;
}

const ADDRESS = /^!?(?:\d+\.\d+\.\d+\.\d+|[0-9a-f:]+)$/;
const PREFIX = /^!?(?:\d+\.\d+\.\d+\.\d+|[0-9a-f:]+)\/\d+$/;
const EITHER = new RegExp(`${ADDRESS.source}|${PREFIX.source}`);
const NAME = /^[A-Za-z][A-Za-z0-9.-]*$/;
const LIST = /^!?[A-Za-z][A-Za-z0-9-]*$/;
const NUMBER = /^\d+$/;
const YES_NO = /^(?:yes|no)$/;
/** Printable ASCII; quotes, backslashes, `$` and `?` escaped; other bytes in hexadecimal. */
const STRING = /^"(?:[\x20\x21\x23\x25-\x3e\x40-\x5b\x5d-\x7e]|\\["\\$?]|\\[0-9A-F]{2})*"$/;
const RULE =
  /^"(?:accept|reject|if \((?:dst (?:in|==) [0-9a-f.:]+\/\d+(?: && bgp-path-len <= \d+)?|bgp-path-len > \d+)\) \{ (?:accept|reject) \})"$/;

const FILTER: Menu = {
  verb: "add",
  properties: {
    chain: LIST,
    action: /^(?:accept|drop|jump)$/,
    "jump-target": LIST,
    "connection-state": /^established,related$/,
    protocol: /^(?:tcp|udp|icmp|icmpv6)$/,
    "dst-port": /^\d+(?:,\d+)*$/,
    "icmp-options": /^\d+:\d+(?:-\d+)?$/,
    ttl: /^equal:255$/,
    "hop-limit": /^equal:255$/,
    limit: /^\d+,\d+:packet$/,
    "src-address": EITHER,
    "dst-address": EITHER,
    "src-address-list": LIST,
    "dst-address-list": LIST,
    "in-interface": NAME,
    comment: /^[a-z0-9_-]+$/,
  },
};
const ADDRESS_LIST: Menu = { verb: "add", properties: { list: LIST, address: EITHER } };
const ROUTE: Menu = {
  verb: "add",
  flags: ["blackhole"],
  properties: { "dst-address": PREFIX, gateway: ADDRESS, distance: NUMBER },
};
const NONE: Menu = { verb: "set", properties: { "allowed-interface-list": /^none$/ } };

const MENUS: Readonly<Record<string, Menu>> = {
  "/system/identity": { verb: "set", properties: { name: NAME } },
  "/interface/ethernet": {
    verb: "set",
    target: /^\[ find default-name=[A-Za-z][A-Za-z0-9.-]* \]/,
    properties: { comment: STRING },
  },
  "/interface/bridge": {
    verb: "add",
    properties: { name: NAME, "protocol-mode": /^none$/, comment: STRING },
  },
  "/interface/bridge/port": { verb: "add", properties: { bridge: NAME, interface: NAME } },
  "/ip/address": { verb: "add", properties: { address: PREFIX, interface: NAME } },
  "/ipv6/settings": { verb: "set", properties: { "accept-router-advertisements": YES_NO } },
  "/ipv6/address": {
    verb: "add",
    properties: { address: PREFIX, interface: NAME, advertise: YES_NO },
  },
  "/ip/route": ROUTE,
  "/ipv6/route": ROUTE,
  "/ip/firewall/address-list": ADDRESS_LIST,
  "/ipv6/firewall/address-list": ADDRESS_LIST,
  "/ip/firewall/filter": FILTER,
  "/ipv6/firewall/filter": FILTER,
  "/routing/filter/rule": { verb: "add", properties: { chain: LIST, rule: RULE } },
  "/routing/bfd/configuration": {
    verb: "add",
    properties: {
      interfaces: NAME,
      "min-rx": /^(?:200ms|1s)$/,
      "min-tx": /^(?:200ms|1s)$/,
      multiplier: NUMBER,
    },
  },
  "/routing/bgp/instance": {
    verb: "add",
    properties: { name: NAME, as: NUMBER, "router-id": ADDRESS },
  },
  "/routing/bgp/connection": {
    verb: "add",
    properties: {
      name: NAME,
      instance: /^simpul$/,
      afi: /^ipv?6?$/,
      "remote.address": ADDRESS,
      "remote.as": NUMBER,
      "remote.ttl": /^255$/,
      "local.address": ADDRESS,
      "local.role": /^ebgp$/,
      "local.ttl": /^255$/,
      connect: YES_NO,
      listen: YES_NO,
      multihop: /^no$/,
      "nexthop-choice": /^force-self$/,
      "hold-time": /^\d+s$/,
      "keepalive-time": /^\d+s$/,
      "use-bfd": /^yes$/,
      "input.filter": LIST,
      "input.limit-process-routes-ipv4": NUMBER,
      "input.limit-process-routes-ipv6": NUMBER,
      "output.filter-chain": LIST,
      "output.network": LIST,
      "output.redistribute": /^bgp$/,
    },
  },
  "/ip/service": {
    verb: "set",
    target: /^(?:telnet|ftp|www|api-ssl|api|ssh|winbox)/,
    properties: { disabled: YES_NO, address: /^[0-9a-f.:/,]+$/ },
  },
  "/ip/neighbor/discovery-settings": {
    verb: "set",
    properties: { "discover-interface-list": /^none$/ },
  },
  "/tool/mac-server": NONE,
  "/tool/mac-server/mac-winbox": NONE,
  "/tool/bandwidth-server": { verb: "set", properties: { enabled: YES_NO } },
};

/** A command of the script, taken apart. */
export interface RouterosCommand {
  readonly menu: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Takes a script apart line by line; throws at the first line that RouterOS would not take, or not as meant. */
export function parseRouteros(script: string): readonly RouterosCommand[] {
  let menu = "";
  return script.split("\n").flatMap((line): RouterosCommand[] => {
    if (line === "" || (line.startsWith("#") && !line.endsWith("\\"))) return [];
    if (line in MENUS) {
      menu = line;
      return [];
    }
    const known = MENUS[menu];
    if (known === undefined) throw new Error(`no menu before: ${line}`);
    return [{ menu, properties: parseCommand(line, known) }];
  });
}

function parseCommand(
  line: string,
  { verb, target, flags, properties }: Menu,
): Record<string, string> {
  if (!line.startsWith(`${verb} `)) throw new Error(`not ${verb}: ${line}`);
  const rest = line.slice(verb.length + 1);
  const after = target === undefined ? rest : rest.replace(target, "");
  if (target !== undefined && after === rest) throw new Error(`no target: ${line}`);
  const parsed: Record<string, string> = {};
  for (const [word] of after.matchAll(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g)) {
    if (flags?.includes(word) === true) continue;
    const at = word.indexOf("=");
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    const form = properties[key];
    if (at < 1 || form === undefined || !form.test(value) || key in parsed)
      throw new Error(`${word} does not belong here: ${line}`);
    parsed[key] = value;
  }
  return parsed;
}

/** What a quoted string means, once RouterOS has read it. */
export function meaning(quoted: string): string {
  const bytes = quoted
    .slice(1, -1)
    .replace(/\\([0-9A-F]{2})|\\(["\\$?])/g, (_, hex: string | undefined, one: string) =>
      hex === undefined ? one : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, "latin1").toString();
}
