import { yamlText } from "./yaml-text.ts";

/** What somebody who asks for a VPS says, as texts that nobody has checked yet; in the order of the file. */
export interface VpsRequest {
  readonly name?: string;
  readonly owner?: string;
  readonly purpose?: string;
  readonly classification?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly disk?: string;
  readonly image?: string;
  readonly ssh_keys?: readonly string[];
  /** `ppdb:443:internet`; agencies are separated by commas. */
  readonly publish?: readonly string[];
  readonly drc?: string;
  readonly expires?: string;
}

const BACKUP = "{ every: 24h, paths: [/srv] }";

/** The file of a request, whole or in part: whatever stands in it is one scalar to every YAML reader. */
export function vpsText(request: VpsRequest): string {
  const line = (key: keyof VpsRequest, value: string | undefined): string =>
    value === undefined ? "" : `${key}: ${scalar(value)}\n`;
  const { ssh_keys: keys, publish = [] } = request;
  return [
    line("name", request.name),
    line("owner", request.owner),
    line("purpose", request.purpose),
    line("classification", request.classification),
    line("cpu", request.cpu),
    line("memory", request.memory),
    line("disk", request.disk),
    line("image", request.image),
    ...(keys === undefined ? [] : ["ssh_keys:\n", ...keys.map((key) => `  - ${keyText(key)}\n`)]),
    ...(publish.length === 0 ? [] : ["publish:\n", ...publish.map(publicationLine)]),
    `backup: ${BACKUP}\n`,
    line("drc", request.drc),
    line("expires", request.expires),
  ].join("");
}

/** The key that a line of such a file belongs to. */
export function keyOfLine(text: string, line: number): keyof VpsRequest | undefined {
  const heads = text
    .split("\n")
    .slice(0, line)
    .flatMap((each) => /^([a-z_]+):/.exec(each)?.[1] ?? []);
  return heads.at(-1) as keyof VpsRequest | undefined;
}

function publicationLine(text: string): string {
  const [name, port, ...audience] = text.split(":").map((part) => part.trim());
  const who = audience.join(":");
  const isWord = who === "internet" || who === "intranet";
  const agencies = who.split(",").map((agency) => scalar(agency.trim()));
  const fields = [
    ["name", name && scalar(name)],
    ["port", port && scalar(port)],
    ["audience", who && (isWord ? who : `[${agencies.join(", ")}]`)],
  ].flatMap(([key, value]) => (value ? [`${key}: ${value}`] : []));
  return `  - { ${fields.join(", ")} }\n`;
}

/** Numbers, sizes and dates need no quotes where every value is a text; all else goes by YAML's own rules. */
function scalar(text: string): string {
  return /^\d[0-9A-Za-z.-]*$/.test(text) ? text : yamlText(text);
}

function keyText(key: string): string {
  return /^[a-z][a-z0-9@.-]* [A-Za-z0-9+/=]+(?: [A-Za-z0-9@._-]+)?$/.test(key)
    ? key
    : yamlText(key);
}
