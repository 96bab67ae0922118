import { describe, expect, it } from "vitest";

import { parseBfd, parseProtocols, parseRoutes } from "../../modules/verify/bird-output.ts";
import { parseRouter } from "../../modules/verify/router-observation.ts";
import { recorded } from "./seen-routers.ts";

// Recorded from BIRD 2.0.12.
const PROTOCOLS = `BIRD 2.0.12 ready.
Access restricted
Name       Proto      Table      State  Since         Info
device1    Device     ---        up     05:59:04.991  

hub4_x     BGP        ---        start  05:59:04.991  Passive       
  BGP state:          Passive
    Neighbor range:   10.250.0.0/24
    Neighbor AS:      0

uplink4_gone BGP        ---        start  2026-11-23  Active        Socket: No route to host
  BGP state:          Active
    Neighbor address: 10.250.0.9
    Neighbor AS:      4200000009
    Last error:       Socket: No route to host

hub4_x_1   BGP        ---        up     05:59:09.882  Established   
  BGP state:          Established
    Neighbor address: 10.250.0.3
    Neighbor AS:      4200000003
`;
const FILTERED = `BIRD 2.0.12 ready.
Access restricted
Table master4:
192.0.2.0/25         unicast [hub4_x_1 05:59:09.930] * (100) [AS4200000077i]
	via 10.250.0.3 on eth0
10.251.9.0/24        unicast [hub4_x_1 05:59:09.930] * (100) [AS4200000003i]
	via 10.250.0.3 on eth0
                     unicast [hub4_x_2 2026-11-23] (100/20) [AS4200000004?]
	via 10.250.0.4 on eth0
172.16.0.0/12        unreachable [nowhere4 05:59:09.930] * (1)
`;

describe("birdc's output", () => {
  it("tells sessions with their neighbours and why they are not up", () => {
    expect(parseProtocols(PROTOCOLS)).toEqual([
      { name: "device1", kind: "Device", state: "up", info: "" },
      { name: "hub4_x", kind: "BGP", state: "start", info: "Passive", neighbourAsn: 0 },
      {
        name: "uplink4_gone",
        kind: "BGP",
        state: "start",
        info: "Active        Socket: No route to host",
        neighbour: "10.250.0.9",
        neighbourAsn: 4200000009,
      },
      {
        name: "hub4_x_1",
        kind: "BGP",
        state: "up",
        info: "Established",
        neighbour: "10.250.0.3",
        neighbourAsn: 4200000003,
      },
    ]);
  });

  it("tells routes with their origin, also the second for the same prefix", () => {
    expect(parseRoutes(FILTERED)).toEqual([
      {
        prefix: "192.0.2.0/25",
        destination: "unicast",
        protocol: "hub4_x_1",
        originAsn: 4200000077,
      },
      {
        prefix: "10.251.9.0/24",
        destination: "unicast",
        protocol: "hub4_x_1",
        originAsn: 4200000003,
      },
      {
        prefix: "10.251.9.0/24",
        destination: "unicast",
        protocol: "hub4_x_2",
        originAsn: 4200000004,
      },
      { prefix: "172.16.0.0/12", destination: "unreachable", protocol: "nowhere4" },
    ]);
  });

  it("tells BFD by neighbour", () => {
    const text = `bfd1:
IP address                Interface  State      Since         Interval  Timeout
10.250.0.3                eth0       Up         05:59:10.379    0.200    0.600
fd5c:ad00:7031:1::a       eth0       Down       05:52:50.097    1.000    0.000
fe80::1%eth0              eth0       Init       05:52:50.097    1.000    0.000
`;
    expect([...parseBfd(text)]).toEqual([
      ["10.250.0.3", "Up"],
      ["fd5c:ad00:7031:1::a", "Down"],
      ["fe80::1", "Init"],
    ]);
  });
});

describe("a look into a router", () => {
  it("reads all parts of a real answer", () => {
    const seen = parseRouter(recorded("pop-parakan"));
    expect(seen.birdAnswers).toBe(true);
    expect(seen.protocols.filter(({ info }) => info === "Established")).toHaveLength(6);
    expect(seen.bfd.size).toBe(6);
    expect(seen.routes).toHaveLength(20);
    expect(seen.refused).toEqual([]);
    expect(seen.addresses).toContain("fd5c:ad00:7031:ff01::1");
    expect(seen.defaultRoutes).toEqual([]);
  });

  it("sees that BIRD does not answer", () => {
    const text = `== protocols\nUnable to connect to server control socket (/run/bird/bird.ctl): Connection refused\n== defaults\ndefault via fd33::fffe dev eth0 metric 1024 pref medium\n`;
    const seen = parseRouter(text);
    expect(seen.birdAnswers).toBe(false);
    expect(seen.defaultRoutes).toEqual(["default via fd33::fffe dev eth0 metric 1024 pref medium"]);
  });
});
