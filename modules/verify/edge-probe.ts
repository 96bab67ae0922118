import type { Engine } from "../engine/docker-engine.ts";

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

const AT_ONCE = 16;

/**
 * Asks for all names from the network of one container: a short-lived container of the edge's image stands beside it,
 * without any right, for routers carry no TLS.
 * @param authority PEM; whom the asker trusts, beside the world's authorities
 * @param image id
 */
export async function askNames(
  engine: Engine,
  { image, network, authority }: { image: string; network: string; authority: string },
  probes: readonly NameProbe[],
): Promise<readonly NameAnswer[]> {
  if (probes.length === 0) return [];
  const argv = [
    ...["docker", "run", "--rm", "--interactive", "--network", `container:${network}`],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--log-driver", "none"],
    ...["--user", "nobody", "--entrypoint", "bash", image, "-s"],
  ];
  const { stdout } = await engine.run(argv, Buffer.from(probeScript(authority, probes)));
  return parseProbes(probes.length, stdout);
}

/** Names come from the plan: nothing in them needs quoting; the authority's text is base64 between dashes. */
export function probeScript(authority: string, probes: readonly NameProbe[]): string {
  const lines = probes.map(({ family, name }, index) => {
    const wait = index % AT_ONCE === AT_ONCE - 1 ? "\nwait" : "";
    return `ask ${index} -${family} https://${name}/ &${wait}`;
  });
  return `trusted=$(mktemp)
cat /etc/ssl/certs/ca-certificates.crt - >"$trusted" <<'PEM'
${authority.trimEnd()}
PEM
ask() {
  local index=$1 said
  shift
  said=$(curl --silent --output /dev/null --cacert "$trusted" --connect-timeout 5 --max-time 15 \\
    --write-out '%{http_code} %{exitcode} %{errormsg}' "$@" </dev/null 2>/dev/null)
  echo "$index \${said//$'\\n'/ }"
}
${lines.join("\n")}
wait
`;
}

/** Answers in the order of the questions. */
export function parseProbes(count: number, output: string): readonly NameAnswer[] {
  const said = new Map<number, string>();
  for (const [, index, text] of output.matchAll(/^(\d+) (.*)$/gm)) said.set(Number(index), text!);
  return Array.from({ length: count }, (_, index) => toAnswer(said.get(index) ?? ""));
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
