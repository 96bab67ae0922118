import { runProgram } from "../../modules/engine/run-program.ts";

const NAME = "simpul-test-package-mirror";

/**
 * A Debian mirror on the engine's own bridge, with two packages made for it: `uji-alat`, whose program says `alat siap`,
 * and `uji-dasar`, which that one needs. Both are built by dpkg-deb, and what serves them is busybox.
 */
export interface PackageMirror {
  /** Line of an apt source. */
  readonly source: string;
  stop(): Promise<void>;
}

/** @param image any that has dpkg-deb and the programs of a VPS */
export async function startPackageMirror(image: string): Promise<PackageMirror> {
  const remove = async (): Promise<void> => {
    await runProgram("docker", ["rm", "--force", "--volumes", NAME], 30_000);
  };
  await remove();
  const entrypoint = ["--entrypoint", "bash", image, "-c", BUILD_AND_SERVE];
  await docker("run", "--detach", "--name", NAME, "--network", "bridge", ...entrypoint);
  const address = await docker(
    "inspect",
    "--format",
    "{{.NetworkSettings.Networks.bridge.IPAddress}}",
    NAME,
  );
  const source = `deb [trusted=yes] http://${address.trim()}:8080 ./`;
  const until = Date.now() + 30_000;
  for (;;) {
    const asked = ["exec", NAME, "curl", "--silent", "--fail", "http://localhost:8080/Packages"];
    if ((await runProgram("docker", asked, 10_000)).ok) return { source, stop: remove };
    if (Date.now() > until) throw new Error(await docker("logs", NAME));
  }
}

const BUILD_AND_SERVE = `
set -eu
mkdir -p /mirror && cd /mirror
make() {
  mkdir -p "/build/$1/DEBIAN" "/build/$1/usr/bin"
  printf 'Package: %s\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Uji <uji@example.go.id>\\nDescription: uji\\n%s' "$1" "$2" >"/build/$1/DEBIAN/control"
  printf '#!/bin/sh\\n%s\\n' "$3" >"/build/$1/usr/bin/$1"
  chmod 755 "/build/$1/usr/bin/$1"
  dpkg-deb --build --root-owner-group "/build/$1" "/mirror/$1_1.0_all.deb"
  dpkg-deb --field "/mirror/$1_1.0_all.deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$1_1.0_all.deb" "$(stat --format %s "/mirror/$1_1.0_all.deb")" "$(sha256sum "/mirror/$1_1.0_all.deb" | cut -d ' ' -f 1)"
}
{ make uji-dasar '' 'echo siap'; make uji-alat 'Depends: uji-dasar
' 'echo alat $(uji-dasar)'; } | grep -v '^dpkg-deb:' >/Packages
mv /Packages /mirror/Packages
exec /usr/local/lib/simpul/boot/busybox httpd -f -p 8080 -h /mirror
`;

async function docker(...args: string[]): Promise<string> {
  const { ok, output } = await runProgram("docker", args, 60_000);
  if (!ok) throw new Error(`docker ${args.join(" ")}: ${output}`);
  return output;
}
