import { describe, expect, it } from "vitest";

import { bundle } from "../../modules/render/config-file.ts";
import { judge } from "./router-carrier.ts";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFpbXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7 admin@dindikpora";
const keys = (text: string): string => bundle([{ path: "authorized_keys", text }]);

describe("the carrier of a VPS", () => {
  it("brings plain public keys, readable for sshd", () => {
    const said = judge(
      "vps-debian-12",
      keys(`${KEY}\n`),
      "stat -c %a:%U /etc/simpul/authorized_keys",
    );
    expect(said).toEqual({ exitCode: 0, said: "carrier: 1 keys\n644:root\n" });
  });

  it.each([
    ["a key with options", keys(`command="id" ${KEY}`), "key 1 is not a plain public key"],
    ["a key that is cut short", keys(`${KEY}\n${KEY.slice(0, 50)} x`), "key 2: "],
    ["a private key", keys("-----BEGIN OPENSSH PRIVATE KEY-----"), "key 1 is not a plain"],
  ])("refuses %s", (_, text, message) => {
    const { exitCode, said } = judge("vps-debian-12", text);
    expect(said).toContain(`carrier: authorized_keys: ${message}`);
    expect(exitCode).toBe(1);
  });

  it("brings the time zone, if there is one of that name", () => {
    const files = (zone: string): string =>
      bundle([
        { path: "authorized_keys", text: KEY },
        { path: "timezone", text: zone },
      ]);
    const said = judge("vps-debian-12", files("Asia/Makassar"), "cat /etc/simpul/timezone");
    expect(said).toEqual({ exitCode: 0, said: "carrier: 1 keys\nAsia/Makassar\n" });
    for (const zone of ["Asia/Temanggung", "../etc/passwd", "Asia/Jakarta; id"])
      expect(judge("vps-debian-12", files(zone))).toMatchObject({
        exitCode: 1,
        said: expect.stringContaining("carrier: timezone: there is none of that name") as string,
      });
  });

  it.each([
    ["another file", bundle([{ path: "sshrc", text: "x" }]), "path sshrc is not allowed"],
    ["an empty bundle", "", "the bundle is empty"],
    [
      "a time zone alone",
      bundle([{ path: "timezone", text: "Asia/Jakarta" }]),
      "authorized_keys: is missing",
    ],
  ])("refuses %s", (_, text, message) => {
    const { exitCode, said } = judge("vps-debian-12", text);
    expect(said).toContain(message);
    expect(exitCode).toBe(1);
  });
});
