import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { conflicts } from "./finding.ts";

/** `was:` names one thing that is gone, and one thing only says so. */
export function checkRenames({ perangkatDaerah, vps }: InventoryFiles): Diagnostic[] {
  const claims = [...perangkatDaerah, ...vps].flatMap(({ file, source }) =>
    file.was === undefined ? [] : [{ value: file.was, at: source.at("was") }],
  );
  const present = new Set([...perangkatDaerah, ...vps].map(({ name }) => name));
  return [
    ...conflicts(claims, ({ value }, others) => ({
      id: "was-twice",
      what: `${others} was ${value} too`,
      why: "its addresses go to one of the two",
      fix: "remove was: from the other",
    })),
    ...claims
      .filter(({ value }) => present.has(value))
      .map(({ value, at }) =>
        errorAt(
          at,
          "was-still-there",
          `${value} is still in the inventory`,
          "was: hands the addresses of the old name to the new one; nobody gives away what it uses",
          "remove was:, or the file of the old name",
        ),
      ),
  ];
}
