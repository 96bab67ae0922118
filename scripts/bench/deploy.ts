import { timed, type Contender, type Started, type Subject } from "./contender.ts";
import { WideUji } from "./wide-uji.ts";

const INIT = ["init", "-input=false", "-no-color"];
const APPLY = ["apply", "-auto-approve", "-no-color"];
const PLAN = ["plan", "-detailed-exitcode", "-no-color"];

/** From nothing to everything. */
export const deploy = (agencies: number): Subject => ({
  name: "deploy",
  begin: () =>
    start(agencies, "from nothing", async (uji) => {
      const fromNothing = (
        name: string,
        note: string,
        work: () => Promise<unknown>,
      ): Contender => ({
        name,
        note,
        run: async () => {
          const time = await timed(work);
          await uji.simpul("destroy", "--yes");
          return time;
        },
      });
      return [
        fromNothing("simpul deploy", "checks, plans, pins, applies and records", () =>
          uji.simpul("deploy", "--yes"),
        ),
        fromNothing(
          "plain terraform",
          "init and apply on the same JSON, which is there already",
          async () => uji.terraformInEach(await uji.synthesised(), INIT, APPLY),
        ),
        fromNothing("cdktf deploy", "the CLI on the same app", async () =>
          uji.cdktf("deploy", ...(await ids(uji)), "--auto-approve"),
        ),
      ];
    }),
});

/** All is there, and nothing changed. */
export const unchanged = (agencies: number): Subject => ({
  name: "unchanged",
  begin: () =>
    start(agencies, "deployed, and nothing changed", async (uji) => {
      await uji.simpul("deploy", "--yes");
      const stacks = await uji.synthesised();
      return [
        { name: "simpul deploy", run: () => timed(() => uji.simpul("deploy", "--yes")) },
        {
          name: "plain terraform",
          note: "plan -detailed-exitcode in each stack, at once where it can",
          run: () => timed(() => uji.terraformInEach(stacks, PLAN)),
        },
        cdktfDiff(uji),
      ];
    }),
});

/** Does what runs differ from what was applied? */
export const drift = (agencies: number): Subject => ({
  name: "drift",
  begin: () =>
    start(agencies, "deployed; what differs on the engine?", async (uji) => {
      await uji.simpul("deploy", "--yes");
      const stacks = await uji.synthesised();
      const isThere = await uji.simpul("drift", "--help").then(
        (text) => text.includes("drift"),
        () => false,
      );
      return [
        ...(isThere
          ? [
              {
                name: "simpul drift",
                note: "also networks, limits, capabilities, labels and what is foreign",
                run: () => timed(() => uji.simpul("drift")),
              },
            ]
          : []),
        {
          name: "plain terraform",
          note: "plan -refresh-only in each stack, at once where it can",
          // No exit code for changes: with -refresh-only it says 2 where nothing changed, too.
          run: () =>
            timed(() => uji.terraformInEach(stacks, ["plan", "-no-color", "-refresh-only"])),
        },
        cdktfDiff(uji),
      ];
    }),
});

function cdktfDiff(uji: WideUji): Contender {
  return {
    name: "cdktf diff",
    note: "synthesises once, then one stack after another: it takes one at a time",
    run: async () => {
      const [first, ...others] = await ids(uji);
      return timed(async () => {
        await uji.cdktf("diff", first!);
        for (const id of others) await uji.cdktf("diff", id, "--skip-synth");
      });
    },
  };
}

async function ids(uji: WideUji): Promise<readonly string[]> {
  return (await uji.synthesised()).map(({ id }) => id);
}

async function start(
  agencies: number,
  what: string,
  contendersOf: (uji: WideUji) => Promise<readonly Contender[]>,
): Promise<Started> {
  const uji = await WideUji.begin(agencies);
  const end = (): Promise<void> => uji.end();
  try {
    const about = `uji with ${agencies} more agencies: ${await uji.size()}; ${what}; ${await uji.terraformVersion()}`;
    return { about, contenders: await contendersOf(uji), end };
  } catch (error) {
    await end();
    throw error;
  }
}
