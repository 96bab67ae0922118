/** Where progress is shown; given by scripts/, which alone prints. */
export interface ProgressOutput {
  line(text: string): void;
  /** Rewrites the last line of a terminal; absent where there is none. */
  status?(text: string): void;
}

/** Progress of one phase of long work. */
export interface Progress {
  begin(phase: string, steps: number): void;
  /** One step further; the text says at what. */
  step(text: string): void;
  /** The same step, something new to show. */
  at(text: string): void;
  /** Something that should stay on the screen. */
  note(text: string): void;
  end(): void;
}

/** Nothing to see: for programs that read `--json`. */
export const SILENT: Progress = {
  begin: () => {},
  step: () => {},
  at: () => {},
  note: () => {},
  end: () => {},
};

const BAR = 24;

/**
 * A bar on a terminal, else a plain line every few seconds, so that a log shows life without drowning in it.
 * @param everySeconds how often at most a plain line is written
 */
export function createProgress(
  output: ProgressOutput,
  now: () => number = Date.now,
  everySeconds = 5,
): Progress {
  let phase = "";
  let steps = 0;
  let done = 0;
  let shownAt = 0;

  const show = (text: string): void => {
    if (output.status)
      return output.status(`${bar(done, steps)} ${done}/${steps} ${phase}: ${text}`);
    if (now() - shownAt < everySeconds * 1000) return;
    shownAt = now();
    output.line(`${phase}: ${done} of ${steps}, ${text}`);
  };
  return {
    begin: (name, count) => {
      [phase, steps, done, shownAt] = [name, count, 0, now()];
      output.status?.(`${bar(0, count)} 0/${count} ${name}`);
    },
    step: (text) => {
      done = Math.min(done + 1, steps);
      show(text);
    },
    at: show,
    note: (text) => {
      output.status?.("");
      output.line(text);
    },
    end: () => output.status?.(""),
  };
}

function bar(done: number, steps: number): string {
  const full = steps === 0 ? BAR : Math.round((done / steps) * BAR);
  return `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
}
