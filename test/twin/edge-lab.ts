import path from "node:path";

import { ROOT } from "../../stacks/prepare.ts";
import { KABUPATEN, type KabupatenLab, type Said } from "./kabupaten-lab.ts";
import { testImage } from "./test-image.ts";

const CA = path.join(ROOT, ".simpul/secrets", KABUPATEN, "ca/ca.pem");
const SERVER = path.join(ROOT, "test/twin/edge/web-server.pl");

/** Somebody on a network who asks for published names and knows the kabupaten's authority. */
export interface Client {
  /** HTTP status, and what was said; status 0 and curl's words when there was no answer. */
  get(url: string, ...options: readonly string[]): Promise<Got>;
  run(...command: readonly string[]): Promise<Said>;
}

export interface Got {
  readonly status: number;
  readonly body: string;
  readonly said: string;
}

/** A client in the network of a container: of an agency's router, under the LAN's first address. */
export function clientIn(lab: KabupatenLab, container: string): Client {
  const run = (...command: readonly string[]): Promise<Said> =>
    lab.docker(
      ...["run", "--rm", "--network", `container:${container}`, "--cap-drop", "ALL"],
      ...["--volume", `${CA}:/ca.pem:ro`, "--user", "root", testImage("edge-client"), ...command],
    );
  return {
    run,
    get: async (url, ...options) => {
      const patience = ["--connect-timeout", "5", "--max-time", "15"];
      const { stdout, stderr } = await run(
        ...["curl", "--silent", "--show-error", "--cacert", "/ca.pem", ...patience],
        ...["--write-out", "\n%{http_code}", ...options, url],
      );
      const end = stdout.lastIndexOf("\n");
      const status = Number(stdout.slice(end + 1));
      return { status, body: stdout.slice(0, Math.max(0, end)), said: stderr.trim() };
    },
  };
}

export function clientOn(lab: KabupatenLab, agency: string): Client {
  return clientIn(lab, `simpul-${KABUPATEN}-router-${agency}`);
}

/** Starts what a tenant would run: a web server that says what it is told about its client. */
export async function startWeb(
  lab: KabupatenLab,
  vps: string,
  port: number,
  proxy = false,
): Promise<void> {
  const container = `simpul-${KABUPATEN}-vps-${vps}`;
  await lab.docker("cp", SERVER, `${container}:/root/web-server.pl`);
  const words = ["perl", "/root/web-server.pl", String(port), ...(proxy ? ["proxy"] : [])];
  const { exitCode, stderr } = await lab.docker("exec", "--detach", container, ...words);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Starts what a tenant with a certificate of its own would run; the certificate is /root/tls.pem. */
export async function startTls(lab: KabupatenLab, vps: string, port: number): Promise<void> {
  const container = `simpul-${KABUPATEN}-vps-${vps}`;
  const make =
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 30 -subj /CN=tenant -keyout /root/tls.key -out /root/tls.pem";
  await lab.docker("exec", container, ...make.split(" "));
  const serve = `s_server -quiet -accept ${port} -cert /root/tls.pem -key /root/tls.key -www`;
  const argv = ["exec", "--detach", container, "openssl", ...serve.split(" ")];
  const { exitCode, stderr } = await lab.docker(...argv);
  if (exitCode !== 0) throw new Error(stderr);
}

/** When each container of the kabupaten was started: who is restarted or replaced has another line. */
export async function startTimes(lab: KabupatenLab): Promise<ReadonlyMap<string, string>> {
  const filter = `label=id.go.simpul.kabupaten=${KABUPATEN}`;
  const { stdout } = await lab.docker("ps", "--quiet", "--no-trunc", "--filter", filter);
  const ids = stdout.trim().split("\n");
  const format = "{{.Name}} {{.Id}} {{.State.StartedAt}} {{.State.Pid}}";
  const inspected = await lab.docker("container", "inspect", "--format", format, ...ids);
  return new Map(
    inspected.stdout
      .trim()
      .split("\n")
      .map((line) => [line.split(" ")[0]!, line] as const),
  );
}
