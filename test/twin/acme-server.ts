import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { baseImageTag } from "../../modules/engine/images.ts";
import { answerOf, localEngine } from "../../modules/engine/docker-engine.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { FAR } from "./internet-lab.ts";

/** A certificate authority on the internet that is asked by ACME: Pebble, of the people who run Let's Encrypt. */
export interface AcmeServer {
  /** What kabupaten.yaml says of it. */
  readonly setting: string;
  /** Puts it on the internet, which must stand (internet-lab.ts). */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const NAME = "simpul-test-acme-uji";
const INTERNET = "simpul-test-internet-uji";
/** By which simpul reaches it, past the kabupaten; its questions to names go over the internet. */
const ACCESS = { subnet: "198.18.245.0/29", address: "198.18.245.2" } as const;
const PORT = 14_000;

/**
 * Makes its certificate, which every simpul that is started from now on trusts. It finds all names at this address.
 */
export async function prepareAcmeServer(address: string): Promise<AcmeServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "simpul-acme-"));
  const own = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"],
    ...["-days", "30", "-subj", "/CN=pebble", "-addext", `subjectAltName=IP:${ACCESS.address}`],
    ...["-keyout", path.join(folder, "key.pem"), "-out", path.join(folder, "cert.pem")],
  ];
  const here = localEngine(process.env);
  await answerOf(here, ["openssl", ...own]);
  process.env["NODE_EXTRA_CA_CERTS"] = path.join(folder, "cert.pem");
  const settings = {
    listenAddress: `0.0.0.0:${PORT}`,
    managementListenAddress: "0.0.0.0:15000",
    certificate: "/acme/cert.pem",
    privateKey: "/acme/key.pem",
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  await writeFile(path.join(folder, "pebble.json"), JSON.stringify({ pebble: settings }));
  const docker = (...words: readonly string[]): Promise<string> =>
    answerOf(here, ["docker", ...words]);
  const container = ["run", "--detach", "--network", `container:${INTERNET}`, "--cap-drop", "ALL"];
  const programs = [
    ...["--cap-add", "NET_BIND_SERVICE", "--volume", `${folder}:/acme:ro`],
    ...["--volume", `${path.join(ROOT, ".simpul/bin")}:/programs:ro`],
  ];
  const remove = async (): Promise<void> => {
    for (const name of [NAME, `${NAME}-names`]) await here.run(["docker", "rm", "-f", name]);
    await here.run(["docker", "network", "disconnect", "-f", NAME, INTERNET]);
    await here.run(["docker", "network", "rm", NAME]);
  };
  return {
    setting: `edge: { certificates: acme, directory: "https://${ACCESS.address}:${PORT}/dir", contact: kominfo@ujikab.go.id }`,
    start: async () => {
      await remove();
      await docker("network", "create", "--internal", "--subnet", ACCESS.subnet, NAME);
      await docker("network", "connect", "--ip", ACCESS.address, NAME, INTERNET);
      // Under a public address: the exit lets in nobody who comes from one that is nobody's.
      const device = `$(ip route get ${address} | sed 's/.* dev \\([^ ]*\\).*/\\1/;q')`;
      const route = `ip route replace ${address}/32 dev ${device} src ${FAR.ipv4}`;
      await docker("exec", INTERNET, "sh", "-c", route);
      const names = ["-defaultIPv4", address, "-defaultIPv6", "", "-dns01", "127.0.0.1:8053"];
      const others = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""];
      const image = baseImageTag(ROOT);
      await docker(
        ...[...container, "--name", `${NAME}-names`, ...programs, image],
        ...["/programs/pebble-challtestsrv", ...names, ...others],
      );
      const config = ["-config", "/acme/pebble.json", "-dnsserver", "127.0.0.1:8053"];
      await docker(
        ...[...container, "--name", NAME, "--env", "PEBBLE_VA_NOSLEEP=1", ...programs, image],
        ...["/programs/pebble", ...config],
      );
    },
    remove: async () => {
      delete process.env["NODE_EXTRA_CA_CERTS"];
      await remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
