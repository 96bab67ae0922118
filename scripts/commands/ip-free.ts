import type { Command } from "commander";

import type { CalendarDate } from "../../modules/core/calendar-date.ts";
import type { PoolName } from "../../modules/inventory/model.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import type { Prepared } from "../project.ts";
import { today } from "./today.ts";
import { wrongArgument } from "./wrong-argument.ts";

interface FreeOptions extends CommonOptions {
  readonly today: string;
}

/** `simpul ip free [POOL]`: how full the pools are, and when they will be. */
export function registerIpFree(ip: Command, output: Output): void {
  ip.command("free")
    .description("how full each pool and each POP's share of it is, and when it will be full")
    .argument("[pool]", "only this pool, with all its shares")
    .option("--today <date>", "the day from which the forecast looks ahead", today())
    .addHelpText("after", "\nExample:\n  $ simpul ip free perangkat-daerah")
    .action(async (pool: string | undefined, _own: object, command: Command) => {
      const options = command.optsWithGlobals<FreeOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const { CalendarDate: Dates } = await import("../../modules/core/calendar-date.ts");
      const { POOL_NAMES } = await import("../../modules/inventory/model.ts");
      const { suggestion } = await import("../../modules/inventory/suggestion.ts");
      const only = POOL_NAMES.find((name) => name === pool);
      const day = Dates.parse(options.today);
      const wrong =
        pool !== undefined && only === undefined
          ? wrongArgument(`"${pool}" is no pool`, suggestion(pool, POOL_NAMES))
          : day instanceof Dates
            ? undefined
            : wrongArgument(day.what, day.fix);
      if (wrong !== undefined || !(day instanceof Dates)) {
        report(output, "ip free", options, wrong === undefined ? [] : [wrong]);
        output.exitCode(EXIT.usage);
        return;
      }
      const prepared = await prepareOrReport(output, "ip free", options);
      if (prepared !== undefined) await show(output, options, prepared, day, only);
    });
}

async function show(
  output: Output,
  options: FreeOptions,
  { inventory, plan, findings }: Prepared,
  day: CalendarDate,
  only: PoolName | undefined,
): Promise<void> {
  const { Fault } = await import("../../modules/core/fault.ts");
  const { lockHistory } = await import("../../modules/engine/lock-history.ts");
  const { utilisation } = await import("../../modules/plan/ip-utilisation.ts");
  const { forecastNote, utilisationTable } =
    await import("../../modules/plan/ip-utilisation-text.ts");
  const { uncommittedLines } = await import("../../modules/plan/lock-history.ts");
  const { forecasts } = await import("../../modules/plan/pool-forecast.ts");
  const history = await lockHistory(options);
  const uses = utilisation(inventory, plan, only);
  const outlooks = forecasts(uses, history, day);
  const spaces = uses.map((use, index) => ({ ...use, forecast: outlooks[index]! }));
  const known = history instanceof Fault ? undefined : history;
  const lines = new Map([...inventory.lock.entries].map(([key, { value }]) => [key, value]));
  const uncommitted = known === undefined ? 0 : uncommittedLines(known, lines);
  const since = known?.changes[0]?.day.text;
  report(output, "ip free", options, findings, {
    spaces,
    history: {
      ...(since !== undefined && { since }),
      changes: known?.changes.length ?? 0,
      isShallow: known?.isShallow ?? false,
      uncommitted,
    },
  });
  if (options.json === true) return;
  output.line(utilisationTable(spaces, only !== undefined));
  output.line(forecastNote(spaces, { uncommitted, isShallow: known?.isShallow ?? false }));
}
