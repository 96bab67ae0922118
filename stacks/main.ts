// The cdktf app: `npx cdktf deploy temanggung-backbone`, `npx cdktf diff temanggung-dns`.
import path from "node:path";

import { App } from "../modules/constructs/cdktf.ts";
import { diagnosticText } from "../modules/core/diagnostic-text.ts";
import { Fault } from "../modules/core/fault.ts";
import { LOCAL, prepare, ROOT } from "./prepare.ts";
import { addStacks, synthesisOptions } from "./synthesise.ts";

const app = new App();
const kabupaten = process.env["SIMPUL_KABUPATEN"] ?? String(app.node.tryGetContext("kabupaten"));
const inventory = process.env["SIMPUL_INVENTORY"] ?? path.join(ROOT, "inventory");
const { inventory: loaded, plan, findings } = await prepare({ kabupaten, inventory });

if (loaded === undefined || plan === undefined) {
  for (const finding of findings) console.error(diagnosticText(finding));
  process.exit(1);
}
const options = synthesisOptions(plan, loaded.trustAnchors, { local: LOCAL, root: ROOT });
if (options instanceof Fault) {
  console.error(`${options.what}\n  fix: ${options.fix}`);
  process.exit(3);
}
addStacks(app, plan, options);
app.synth();
