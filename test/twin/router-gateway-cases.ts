import { describe, expect, it } from "vitest";

import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { bundle } from "../../modules/render/config-file.ts";
import { routerFiles } from "../../modules/render/router-files.ts";
import { imageOf } from "../render/router-carrier.ts";
import { BLOCK, SERVER, SERVICE, TENANT } from "../render/router-fixture.ts";
import { type RouterLab, type Said, until } from "./router-lab.ts";

/** What sshd and a tenant's root need (AUDIT_WRITE: a login with a terminal ends without it). */
const SERVER_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL"],
  ...["SETGID", "SETUID", "SYS_CHROOT"],
];
/** Needed to set the network, and given up before sshd starts. */
const START_CAPABILITIES = ["NET_ADMIN", "SETPCAP"];
const [AF_INET, AF_VSOCK] = [2, 40];
/** The same number on every architecture. */
const IO_URING_SETUP = 425;
/** An address that no root of a server may take. */
const GRABBED = "10.210.128.9";

/** A server behind its gateway: who reaches it, and what its root can still do. On the WAN that is up already. */
export function describeGateway(
  lab: () => RouterLab,
  [owner, stranger]: readonly [RouterPlan, RouterPlan],
  gateway: RouterPlan,
  others: readonly RouterPlan[],
): void {
  describe("a server behind its gateway", () => {
    const image = imageOf("vps-debian-12");
    let key = "";
    const ssh = (from: RouterPlan, to: 4 | 6, command: string, option = ""): Promise<Said> => {
      const family = to === 4 ? "ipv4" : "ipv6";
      const options =
        "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";
      const login = `-b ${from.source[family].text} -o ConnectTimeout=3 root@${SERVICE[family].text}`;
      const script = `install -m 600 /dev/stdin /tmp/id; ssh ${option} -n -i /tmp/id ${options} ${login} '${command}'`;
      const place = ["--network", `container:${lab().named(from.name)}`, "--entrypoint", "bash"];
      return lab().docker(["run", "--rm", "--interactive", ...place, image, "-c", script], key);
    };

    it("gets its keys, and what it starts with, from its carrier", async () => {
      const make = "ssh-keygen -q -t ed25519 -N '' -f /tmp/k && cat /tmp/k.pub /tmp/k";
      const { text } = await lab().docker([
        "run",
        "--rm",
        "--entrypoint",
        "bash",
        image,
        "-c",
        make,
      ]);
      const [publicKey, ...privateKey] = text.split("\n");
      key = privateKey.join("\n");
      const volume = lab().named("keys");
      const carrier = ["--rm", "--interactive", "--network", "none", "--cap-drop", "ALL"];
      const said = await lab().docker(
        [
          "run",
          ...carrier,
          "--env",
          "BUNDLE=/dev/stdin",
          "--volume",
          `${volume}:/etc/simpul`,
          "--entrypoint",
          "/usr/local/bin/simpul-carrier",
          image,
        ],
        bundle([{ path: "authorized_keys", text: publicKey! }]),
      );
      expect(said).toEqual({ exitCode: 0, text: "carrier: 1 keys\n" });
    });

    it("does not start when it cannot give up its rights", async () => {
      const words = serverWords(lab(), image, [...SERVER_CAPABILITIES, "NET_ADMIN"]);
      const said = await lab().docker(["run", "--rm", ...words]);
      expect(said.exitCode).toBe(1);
      expect(said.text).toContain("rights could not be given up");
    });

    it("starts", async () => {
      await lab().startOther(
        "server",
        serverWords(lab(), image, [...SERVER_CAPABILITIES, ...START_CAPABILITIES]),
      );
      await until("sshd listens", async () =>
        (await lab().docker(["logs", lab().named("server")])).text.includes(
          "Server listening on ::",
        ),
      );
    });

    it("is reached by its owner in both families, by nobody else", async () => {
      expect(await ssh(owner, 4, "echo four")).toEqual({ exitCode: 0, text: "four\n" });
      expect(await ssh(owner, 6, "echo six")).toEqual({ exitCode: 0, text: "six\n" });
      expect((await ssh(stranger, 4, "true")).text).toContain("Connection timed out");
      expect((await ssh(stranger, 6, "true")).text).toContain("Connection timed out");
    });

    it("gives a terminal to a person", async () => {
      const { exitCode, text } = await ssh(owner, 4, "tty", "-tt");
      expect({ exitCode, text: text.trim() }).toEqual({ exitCode: 0, text: "/dev/pts/0" });
    });

    it("opens no connection that is not in its gateway's list", async () => {
      const outward = `timeout 2 bash -c "</dev/tcp/${owner.source.ipv4.text}/179"`;
      expect((await ssh(owner, 4, outward)).exitCode).toBe(124);
      const { text } = await lab().exec(
        gateway.name,
        "nft",
        "list",
        "counter",
        "inet",
        "simpul",
        "denied",
      );
      expect(text).toMatch(/packets [1-9]/);
    });

    it("gives its root the files, and no hand on the network", async () => {
      const work = "touch /srv/f && chown www-data /srv/f && stat -c %U /data/srv/f";
      expect(await ssh(owner, 4, work)).toEqual({ exitCode: 0, text: "www-data\n" });
      for (const attempt of [
        `ip route replace default via ${TENANT.prefix.ipv4.text.replace("0/24", "254")}`,
        "ip address add 10.210.128.8/32 dev lo",
        "unshare --net true",
        "nsenter --target 1 --net true",
        "mount -t tmpfs none /mnt",
      ])
        expect((await ssh(owner, 4, attempt)).text).toMatch(/not permitted|denied/);
    });

    it("opens no socket that passes its gateway by", async () => {
      const open = (family: number): string =>
        `perl -e "print socket(S, ${family}, 1, 0) ? q(open) : q(closed)"`;
      expect((await ssh(owner, 4, open(AF_INET))).text).toBe("open");
      expect((await ssh(owner, 4, open(AF_VSOCK))).text).toBe("closed");
      const ring = `perl -e "print syscall(${IO_URING_SETUP}, 1, 0) < 0 && $!{ENOSYS} ? q(closed) : q(open)"`;
      expect((await ssh(owner, 4, ring.replace("$", "\\$"))).text).toBe("closed");
    });

    it("gives its root nothing by a start from files that this root has changed", async () => {
      const grab = `ip address add ${GRABBED}/32 dev lo`;
      const forged = `for f in /usr/bin/tini /usr/bin/setpriv; do printf "#!/bin/sh\\n${grab}\\n" >$f; done`;
      const changed = `sed -i "2i ${grab}" /usr/local/bin/simpul-entrypoint`;
      expect((await ssh(owner, 4, `${forged}; ${changed}`)).exitCode).toBe(0);
      await lab().docker(["restart", lab().named("server")]);
      await until("it is back", async () => (await ssh(owner, 4, "true")).exitCode === 0);
      const { text } = await ssh(owner, 4, "ip -brief address show lo");
      expect(text).toContain(SERVICE.ipv4.text);
      expect(text).not.toContain(GRABBED);
      const { text: log } = await lab().docker(["logs", lab().named("server")]);
      expect(log).toContain("Operation not permitted");
    });

    it("keeps a connection while its gateway's list changes, and no new one gets through", async () => {
      const long = ssh(owner, 4, "for i in {1..30}; do echo $i; sleep 0.2; done");
      const closed = { ...gateway, firewall: { ...gateway.firewall, openings: [] } };
      await lab().deliver(routerFiles([...others, closed], BLOCK));
      await until(
        "the gateway has closed",
        async () => (await ssh(owner, 4, "true")).exitCode !== 0,
      );
      expect((await long).text.trim().split("\n")).toHaveLength(30);
    });
  });
}

function serverWords(
  lab: RouterLab,
  image: string,
  capabilities: readonly string[],
): readonly string[] {
  const environment = {
    SIMPUL_GATEWAY4: TENANT.prefix.ipv4.text.replace("0/24", "1"),
    SIMPUL_GATEWAY6: TENANT.prefix.ipv6.text.replace("/64", "1"),
    SIMPUL_SERVICE4: SERVICE.ipv4.text,
    SIMPUL_SERVICE6: SERVICE.ipv6.text,
  };
  return [
    ...["--cap-drop", "ALL", ...capabilities.flatMap((one) => ["--cap-add", one])],
    ...["--security-opt", "no-new-privileges", "--sysctl", "net.ipv6.conf.all.disable_ipv6=0"],
    ...["--network", lab.named(TENANT.name), "--ip", SERVER.ipv4.text, "--ip6", SERVER.ipv6.text],
    // Nobody answers there: a login must not wait for names.
    ...["--dns", "10.210.128.1"],
    ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...["--volume", `${lab.named("keys")}:/etc/simpul:ro`],
    // As in modules/constructs/vps.ts.
    ...["--entrypoint", "/etc/simpul/boot/busybox", image, "sh", "/etc/simpul/boot/start.sh"],
  ];
}
