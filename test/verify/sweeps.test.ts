import { execFile, execFileSync } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { parseAnswers, questionScript } from "../../modules/verify/ask-names.ts";
import { CONNECT_PROGRAM } from "../../modules/verify/connect-program.ts";
import { connectScript, parseConnections } from "../../modules/verify/connect-sweep.ts";
import { growth, parseCounters } from "../../modules/verify/nft-counters.ts";
import { medianRtt, parseSweep, sweepScript } from "../../modules/verify/ping-sweep.ts";
import { readRouterSweep, routerSweepScript } from "../../modules/verify/router-sweep.ts";
import { inParallel, sections } from "../../modules/verify/run-inside.ts";

/** A shell reads it to the end without running it. */
function isBash(script: string): void {
  execFileSync("bash", ["-n"], { input: script });
}

describe("a ping sweep", () => {
  const pings = [
    { source: "10.71.79.1", target: "10.68.71.1" },
    { target: "fe80::1%eth0" },
    { target: "10.68.71.2" },
    { target: "192.168.7.2" },
  ];

  it("is one script that bash understands, forty at a time", () => {
    const many = Array.from({ length: 65 }, (_, at) => ({ target: `10.0.0.${at}` }));
    isBash(sweepScript(many, 2));
    expect(sweepScript(many, 2).match(/^wait$/gm)).toHaveLength(2);
    expect(sweepScript(pings, 1)).toContain(
      "ask 0 10.68.71.1 -I 10.71.79.1 &\nask 1 fe80::1%eth0  &",
    );
  });

  it("reads answers in any order, and takes what is missing as lost", () => {
    const answers = parseSweep(
      pings,
      "2 1 lost Destination Host Unreachable\n0 2 0.179\n3 2 lost silence\n",
    );
    expect(answers.map(({ rtt, sent, said }) => [rtt, sent, said])).toEqual([
      [0.179, 2, ""],
      [undefined, 0, "not asked: the container did not finish"],
      [undefined, 1, "Destination Host Unreachable"],
      [undefined, 2, "silence"],
    ]);
    expect(medianRtt(answers)).toBe(0.179);
    expect(medianRtt([])).toBe(0);
  });
});

describe("a router's sweep", () => {
  const sweep = {
    ways: [
      { source: "10.71.79.1", target: "10.68.71.1" },
      { source: "fd33::1", target: "fd33::9" },
      { source: "10.71.79.1", target: "10.68.71.2" },
    ],
    foreign: ["192.168.254.77", "172.31.255.77"],
  };

  it("is one script that bash understands, with one source for each family", () => {
    const script = routerSweepScript(sweep);
    isBash(script);
    expect(script).toContain("-S 10.71.79.1 -S fd33::1 -f -");
  });

  it("reads fping's answers, and takes what is missing as lost", () => {
    // Recorded from fping 5.1.
    const output = `10.68.71.1             : 0.142
fd33::9                : -
192.168.254.77         : -
172.31.255.77          : 0.2
10.68.71.9: error while sending ping: Network is unreachable
== again
fd33::9 : 1.5
`;
    const { ways, foreign } = readRouterSweep(sweep, output);
    expect(ways.map(({ rtt, sent, said }) => [rtt, sent, said])).toEqual([
      [0.142, 1, "silence"],
      [1.5, 2, "silence"],
      [undefined, 0, "not asked: the container did not finish"],
    ]);
    expect(foreign.map(({ rtt }) => rtt)).toEqual([undefined, 0.2]);
  });
});

describe("a sweep of connections", () => {
  it("is one script that bash and perl understand", () => {
    const script = connectScript([
      { family: 4, source: "10.71.79.1", host: "ppdb-online.x.go.id", port: 22, banner: true },
      { family: 6, host: "fd33::1", port: 443, banner: false },
    ]);
    isBash(script);
    expect(script).toContain("\n0 4 22 1 10.71.79.1 $(address 4 ppdb-online.x.go.id)\n");
    expect(script).toContain("\n1 6 443 0 - fd33::1\n");
    expect(CONNECT_PROGRAM).not.toContain("'");
  });

  it("meets what is open, greets, is refused, has no name or no way", async () => {
    const servers = await Promise.all([greeter("SSH-2.0-x\r\nmore\n"), greeter("")]);
    const [greets, mute] = servers.map((server) => (server.address() as AddressInfo).port);
    const closed = await greeter("");
    const { port: refused } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const local = { family: 4, source: "127.0.0.1", host: "127.0.0.1" } as const;
    const script = connectScript([
      { ...local, port: greets!, banner: true },
      { ...local, port: mute!, banner: true },
      { ...local, port: mute!, banner: false },
      { ...local, port: refused, banner: false },
      { family: 4, host: "simpul--nobody.invalid", port: 22, banner: true },
      { ...local, source: "192.0.2.1", port: mute!, banner: false },
    ]);
    const { stdout } = await promisify(execFile)("bash", ["-c", script]);
    for (const server of servers) server.close();
    expect(parseConnections(7, stdout)).toEqual([
      { outcome: "open", banner: "SSH-2.0-x", said: "" },
      { outcome: "open", banner: "", said: "" },
      { outcome: "open", banner: "", said: "" },
      { outcome: "refused", banner: "", said: "Connection refused" },
      { outcome: "no-name", banner: "", said: "" },
      { outcome: "failed", banner: "", said: "Cannot assign requested address" },
      { outcome: "failed", banner: "", said: "" },
    ]);
  });
});

function greeter(text: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (text !== "") socket.write(text);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("a sweep of names", () => {
  const questions = [
    { name: "w.x.go.test.", type: "A" },
    { name: "w.x.go.test.", type: "AAAA" },
    { name: "nope.x.go.test.", type: "A" },
    { name: "ns1.x.go.test.", type: "A" },
  ];

  it("is one script that bash understands, and that gives up on a silent server", () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `n${at}.x.go.test.`, type: "A" }));
    const script = questionScript("10.1.1.1", "10.2.2.2", many);
    isBash(script);
    expect(script.match(/^kdig/gm)).toHaveLength(4);
    expect(script).toMatch(/-q n0\.x\.go\.test\. -t A >\/dev\/null 2>&1 \|\| exit 0/);
  });

  it("reads kdig's answers, whatever their order", () => {
    // Recorded from kdig 3.2.6.
    const output = `;; ->>HEADER<<- opcode: QUERY; status: NXDOMAIN; id: 56638
;; Flags: qr aa rd; QUERY: 1; ANSWER: 0; AUTHORITY: 1; ADDITIONAL: 0
;;nope.x.go.test.     		IN	A
;; Received 93 B
;; Time 2026-11-23 06:09:15 UTC
;; From 127.0.0.1@53(UDP) in 0.2 ms

;; ->>HEADER<<- opcode: QUERY; status: NOERROR; id: 28005
;; Flags: qr rd ra ad; QUERY: 1; ANSWER: 2; AUTHORITY: 0; ADDITIONAL: 0
;;w.x.go.test.        		IN	A
w.x.go.test.        	300	IN	A	10.1.1.9
w.x.go.test.        	300	IN	A	10.1.1.2
;; Received 93 B
;; Time 2026-11-23 06:09:15 UTC
;; From 127.0.0.1@53(UDP) in 1.5 ms

;; WARNING: response timeout for 127.0.0.9@53(UDP)
;; ERROR: failed to query server 127.0.0.9@53(UDP)
;; ->>HEADER<<- opcode: QUERY; status: NOERROR; id: 32352
;; Flags: qr aa rd; QUERY: 1; ANSWER: 1; AUTHORITY: 0; ADDITIONAL: 0
;;w.x.go.test.        		IN	AAAA
w.x.go.test.        	300	IN	AAAA	fd00::2
`;
    expect(parseAnswers(questions, output)).toEqual([
      {
        name: "w.x.go.test.",
        type: "A",
        status: "NOERROR",
        flags: ["qr", "rd", "ra", "ad"],
        data: ["10.1.1.2", "10.1.1.9"],
        rtt: 1.5,
      },
      {
        name: "w.x.go.test.",
        type: "AAAA",
        status: "NOERROR",
        flags: ["qr", "aa", "rd"],
        data: ["fd00::2"],
      },
      {
        name: "nope.x.go.test.",
        type: "A",
        status: "NXDOMAIN",
        flags: ["qr", "aa", "rd"],
        data: [],
        rtt: 0.2,
      },
      { name: "ns1.x.go.test.", type: "A", status: "silence", flags: [], data: [] },
    ]);
  });
});

describe("counters of a packet filter", () => {
  it("tell what grew between two looks", () => {
    const text = (denied: number) => `table inet simpul {
	counter denied {
		packets ${denied} bytes 0
	}
	counter source_refused {
		packets 329 bytes 32910
	}
}`;
    const [before, after] = [parseCounters(text(3)), parseCounters(text(10))];
    expect([...growth(before, after)]).toEqual([["denied", 7]]);
    expect([...growth(new Map(), before)]).toEqual([
      ["denied", 3],
      ["source_refused", 329],
    ]);
  });
});

describe("looking into many containers", () => {
  it("keeps the order and never does more than so many at a time", async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel(
      [5, 1, 3, 2, 4],
      async (wait) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => {
          setTimeout(resolve, wait);
        });
        running -= 1;
        return wait * 2;
      },
      2,
    );
    expect(results).toEqual([10, 2, 6, 4, 8]);
    expect(most).toBe(2);
  });

  it("cuts output into its parts, an empty one too", () => {
    expect([...sections("== one\na\nb\n== two\n== three\nc\n")]).toEqual([
      ["one", "a\nb\n"],
      ["two", ""],
      ["three", "c\n"],
    ]);
  });
});
