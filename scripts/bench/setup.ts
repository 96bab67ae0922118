import path from "node:path";

import { ROOT } from "../../stacks/prepare.ts";
import { timed, type Subject } from "./contender.ts";
import { program } from "./program.ts";

/** What every `npm run up` begins with. */
export const setup: Subject = {
  name: "setup",
  begin: () =>
    Promise.resolve({
      about: "a machine that is ready: looked over, nothing to do",
      contenders: [
        {
          name: "scripts/setup.sh",
          run: () => timed(() => program("bash", [path.join(ROOT, "scripts/setup.sh")])),
        },
      ],
    }),
};
