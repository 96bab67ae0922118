import type { Engine } from "../engine/docker-engine.ts";
import { FAMILIES } from "../render/bird-names.ts";

/** One request for a published name, as somebody on a LAN makes it. */
export interface NameProbe {
  readonly family: 4 | 6;
  /** Canonical: a host name. */
  readonly name: string;
}

export interface NameAnswer {
  /**
   * `answered`: HTTPS with a certificate that the authority vouches for. `untrusted`: another one. `refused-name`: the
   * edge has no certificate for the name. `no-name`: the resolver does not know it.
   */
  readonly outcome: "answered" | "untrusted" | "refused-name" | "no-name" | "silent";
  /** HTTP status; 0 without one. */
  readonly status: number;
  /** What curl said. */
  readonly said: string;
}

/** Where it is asked from, and whom the asker trusts. */
export interface Asker {
  readonly image: string;
  readonly network: string;
  readonly authority: string;
  readonly publicToo: boolean;
}

/**
 * Asks for all names from the network of one container: a short-lived container of the edge's image stands beside it,
 * without any right, for routers carry no TLS.
 * @param authority PEM; whom the asker trusts
 * @param publicToo whether it trusts, as browsers do, all whom Debian trusts as well
 * @param image id
 */
export async function askNames(
  engine: Engine,
  { image, network, authority, publicToo }: Asker,
  probes: readonly NameProbe[],
): Promise<readonly NameAnswer[]> {
  if (probes.length === 0) return [];
  const argv = [
    ...["docker", "run", "--rm", "--interactive", "--network", `container:${network}`],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--log-driver", "none"],
    ...["--user", "nobody", "--entrypoint", "bash", image, "-s"],
  ];
  const { stdout } = await engine.run(argv, Buffer.from(probeScript(authority, probes, publicToo)));
  return parseProbes(probes, stdout);
}

/**
 * One curl for each family, for to start one costs more than to ask. Names come from the plan: nothing in them needs
 * quoting; the authority's text is base64 between dashes.
 */
export function probeScript(
  authority: string,
  probes: readonly NameProbe[],
  publicToo = false,
): string {
  const runs = FAMILIES.map(({ number }) => {
    const asked = probes.filter(({ family }) => family === number);
    if (asked.length === 0) return "";
    const urls = asked.map(({ name }) => `url = https://${name}/\noutput = /dev/null`);
    return `ask ${number} <<'URLS' &
${urls.join("\n")}
URLS
`;
  });
  return `trusted=$(mktemp)
cat >"$trusted" <<'PEM'
${authority.trimEnd()}
PEM
${publicToo ? 'cat /etc/ssl/certs/ca-certificates.crt >>"$trusted"\n' : ""}ask() {
  curl -"$1" --silent --parallel --parallel-max 8 --cacert "$trusted" --connect-timeout 5 --max-time 15 \\
    --write-out "$1 %{urlnum} %{http_code} %{exitcode} %{errormsg}\\n" --config - 2>/dev/null
}
${runs.join("")}wait
`;
}

/** Answers in the order of the questions. */
export function parseProbes(probes: readonly NameProbe[], output: string): readonly NameAnswer[] {
  const said = new Map<string, string>();
  for (const [, family, index, text] of output.matchAll(/^([46]) (\d+) (.*)$/gm))
    said.set(`${family} ${index}`, text!);
  const asked = { 4: 0, 6: 0 };
  return probes.map(({ family }) => toAnswer(said.get(`${family} ${asked[family]++}`) ?? ""));
}

/** Exit codes of curl(1). */
const OUTCOMES: ReadonlyMap<number, NameAnswer["outcome"]> = new Map([
  [0, "answered"],
  [6, "no-name"],
  [35, "refused-name"],
  [60, "untrusted"],
]);

function toAnswer(text: string): NameAnswer {
  const [, status = "0", code = "-1", said = ""] = /^(\d+) (\d+) ?(.*)$/.exec(text) ?? [];
  return { outcome: OUTCOMES.get(Number(code)) ?? "silent", status: Number(status), said };
}
