import path from "node:path";

import { describe, expect, it } from "vitest";

import { serverInterfaces } from "../../modules/render/server-interfaces.ts";
import { prepare, ROOT } from "../../stacks/prepare.ts";

describe("serverInterfaces", () => {
  it("sets the address on the segment, the service address, and the gateway as the only way out", async () => {
    const { plan } = await prepare({
      kabupaten: "temanggung",
      inventory: path.join(ROOT, "inventory"),
    });
    const server = plan!.colocation.find(({ name }) => name === "simrs")!;
    const { ipv4, ipv6 } = server.service;
    const text = serverInterfaces(plan!, server, "eno1");
    expect(text).toContain(`\niface eno1 inet static\n  address ${server.address.ipv4.text}/26\n`);
    expect(text).toContain(`\niface eno1 inet6 static\n  address ${server.address.ipv6.text}/64\n`);
    const commands = [...text.matchAll(/^ {2}up (.*)$/gm)].map(([, command]) => command);
    expect(commands).toEqual([
      `ip address replace ${ipv4.text}/32 dev lo`,
      `ip address replace ${ipv6.text}/128 dev lo`,
      `ip route replace default via ${server.gateway.ipv4.text} src ${ipv4.text}`,
      `ip route replace default via ${server.gateway.ipv6.text} src ${ipv6.text}`,
    ]);
    const { bridge } = plan!.segments.find(({ name }) => name === "rsud")!;
    expect(text).toContain(bridge);
  });
});
