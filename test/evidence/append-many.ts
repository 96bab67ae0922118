// Adds lines to a ledger until it is killed or has added so many; says each one when it is on the disk.
import { appendEvidence } from "../../modules/evidence/append.ts";
import { someEvidence } from "./ledger-lab.ts";

const [folder, secrets, first, count] = process.argv.slice(2);
const ledger = { kabupaten: "uji", folder: folder!, secrets: secrets!, now: () => new Date() };
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  await appendEvidence(ledger, someEvidence(number));
  process.stdout.write(`${number}\n`);
}
