import type { Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";

/** Custodians and signers are several, each once; an alert's program is found without a search. */
export function checkTrust({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  const { custodians } = file.backup;
  const { signers } = file.evidence;
  const { command } = file.alerts;
  const keys = custodians.map(({ age }) => age);
  return [
    ...repeats(keys).map((index) => ({
      id: "custodian-twice",
      severity: "error" as const,
      at: source.at("backup", "custodians", index, "age"),
      what: `the key of ${custodians[index]!.name} is that of ${custodians[keys.indexOf(keys[index]!)]!.name}`,
      why: "two custodians with one key are one custodian",
      fix: "write each custodian's own key: age-keygen, at their own machine",
    })),
    ...repeats(signers.map(({ name }) => name)).map((index) => ({
      id: "signer-twice",
      severity: "error" as const,
      at: source.at("evidence", "signers", index, "name"),
      what: `two signers are called ${signers[index]!.name}`,
      why: "findings name the machine by it",
      fix: "give each a name of its own",
    })),
    ...repeats(signers.map(({ key }) => key.base64)).map((index) => ({
      id: "signer-twice",
      severity: "error" as const,
      at: source.at("evidence", "signers", index, "key"),
      what: `${signers[index]!.name} has the key of another signer`,
      why: "a signature must say which machine it is of",
      fix: "write what simpul evidence verify shows at that machine",
    })),
    ...(custodians.length === 1
      ? [
          {
            id: "custodians-few",
            severity: "warning" as const,
            at: source.at("backup", "custodians"),
            what: "there is one custodian of the keys of backups",
            why: "without the keys no backup can be read, and one person can lose one copy",
            fix: "name a second one, who keeps it elsewhere",
          },
        ]
      : []),
    ...(command !== undefined && !command[0]!.startsWith("/")
      ? [
          {
            id: "alert-command-relative",
            severity: "error" as const,
            at: source.at("alerts", "command", 0),
            what: `alerts.command begins with "${command[0]!}", which is no absolute path`,
            why: "a timer searches no folders for programs",
            fix: "write where it stands, such as /usr/local/bin/alarm",
          },
        ]
      : []),
  ];
}

/** Indexes of those that stand there already. */
function repeats(texts: readonly string[]): readonly number[] {
  return texts.flatMap((text, index) => (texts.indexOf(text) < index ? [index] : []));
}
