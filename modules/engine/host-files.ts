import { answerOf, type Engine } from "./docker-engine.ts";
import { HOST_VOLUME_ROOT, hostVolume } from "./host-volume.ts";

/** How a server is called, and where it stands. */
export interface HostName {
  readonly hostname: string;
  /** Canonical addresses. */
  readonly ipv4: string;
  readonly ipv6: string;
}

/**
 * Writes the three files that the engine would else lay into each container from its own disk, writable and without
 * bounds: a VPS mounts these, read-only (modules/constructs/vps.ts). They lie beside `data` in its volume.
 */
export async function writeHostFiles(
  engine: Engine,
  volumeName: string,
  name: HostName,
  root = HOST_VOLUME_ROOT,
): Promise<void> {
  const folder = `${hostVolume(volumeName, root).mount}/etc`;
  await answerOf(engine, ["mkdir", "--parents", "--mode=0755", folder]);
  for (const [file, text] of Object.entries(filesOf(name))) {
    const path = `${folder}/${file}`;
    await answerOf(engine, ["sh", "-euc", WRITE, "write-file", path], Buffer.from(text));
  }
}

// One that is right already stays: a container that runs holds on to the file, not to its name.
const WRITE = `
cat >"$1.new"
if cmp --silent "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
`;

function filesOf({ hostname, ipv4, ipv6 }: HostName): Readonly<Record<string, string>> {
  return {
    hostname: `${hostname}\n`,
    hosts: `127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
${ipv4} ${hostname}
${ipv6} ${hostname}
`,
    // The engine's own, in the container: it asks the resolvers that the container was made with.
    "resolv.conf": "nameserver 127.0.0.11\noptions ndots:0\n",
  };
}
