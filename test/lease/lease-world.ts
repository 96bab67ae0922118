import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const VOTERS = [0, 1, 2];
/** For how long a holder asks, and the longest that a voter grants, in milliseconds. */
const TIME = { asked: 6_000, longest: 10_000 };

/** One thing that happens; times in milliseconds of true time. */
export type Happening =
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "want"; readonly holder: number }
  | { readonly kind: "crash"; readonly holder: number }
  | { readonly kind: "release"; readonly holder: number }
  /** It looks and asks, and what goes to or comes from these voters arrives, all else is lost: a cut network. */
  | { readonly kind: "try"; readonly holder: number; readonly reached: readonly number[] }
  /** Which of the messages under way arrives next, and whether it arrives again later. */
  | { readonly kind: "arrive"; readonly which: number; readonly again: boolean }
  | { readonly kind: "lose"; readonly which: number }
  | { readonly kind: "restart"; readonly voter: number; readonly emptied: boolean };

/** How fast each clock runs beside true time, and from where it counts. */
export interface Clock {
  readonly rate: number;
  readonly offset: number;
}

export interface Clocks {
  readonly voters: readonly Clock[];
  readonly holders: readonly Clock[];
}

interface Message {
  readonly to: "voter" | "holder";
  readonly voter: number;
  readonly holder: number;
  readonly verb: "hold" | "inspect" | "release";
  readonly epoch: number;
  /** By the holder's clock. */
  readonly sent: number;
  readonly said?: string;
}

/** The program's own decisions (Perl), kept running over many worlds. */
export class LeaseCore {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor() {
    this.#child = spawn("perl", [path.join(import.meta.dirname, "lease-core.pl")]);
    createInterface({ input: this.#child.stdout }).on("line", (line) =>
      this.#waiting.shift()!(line),
    );
    this.#child.stderr.on("data", (text: Buffer) => process.stderr.write(text));
  }

  ask(...words: readonly (string | number)[]): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${words.join(" ")}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }
}

/** Voters, holders, a network that delays, loses, doubles and reorders, and clocks that differ. */
export class LeaseWorld {
  #now = 0;
  #wiped = 0;
  readonly #messages: Message[] = [];
  /** By holder: until when, by its own clock, it may act. */
  readonly #until: number[];
  readonly #epoch: number[];
  /** Epochs in which somebody held, in the order of time. */
  readonly held: { readonly holder: number; readonly epoch: number }[] = [];
  /** When two held at once. */
  readonly collisions: string[] = [];

  constructor(
    readonly core: LeaseCore,
    readonly clocks: Clocks,
    /** How much of its wait a voter spares itself after a start: for a test of these tests. */
    readonly waited = 0,
  ) {
    this.#until = clocks.holders.map(() => 0);
    this.#epoch = clocks.holders.map(() => 0);
  }

  async begin(): Promise<void> {
    await this.core.ask("reset_all");
    for (const voter of VOTERS) await this.#start(voter, 100);
    for (const holder of this.clocks.holders.keys()) await this.#fresh(holder);
    this.#now += TIME.longest + 200;
  }

  /** The time of one of their clocks. */
  #clock({ rate, offset }: Clock): number {
    return Math.floor(offset + this.#now * rate);
  }

  #start(voter: number, floor: number): Promise<string> {
    const since = this.#clock(this.clocks.voters[voter]!) - this.waited;
    return this.core.ask("start", voter, since, TIME.longest, floor);
  }

  #fresh(holder: number): Promise<string> {
    this.#until[holder] = 0;
    this.#epoch[holder] = 0;
    return this.core.ask("holder", holder, VOTERS.length, TIME.asked);
  }

  #holds(holder: number): boolean {
    return this.#clock(this.clocks.holders[holder]!) < this.#until[holder]!;
  }

  async happen(what: Happening): Promise<void> {
    if (what.kind === "wait") this.#now += what.milliseconds;
    else if (what.kind === "want") await this.#want(what.holder);
    else if (what.kind === "try") await this.#try(what.holder, what.reached);
    else if (what.kind === "crash") await this.#fresh(what.holder);
    else if (what.kind === "release") this.#release(what.holder);
    else if (what.kind === "restart") await this.#restart(what.voter, what.emptied);
    else if (this.#messages.length > 0) {
      const at = what.which % this.#messages.length;
      const message = this.#messages[at]!;
      if (what.kind === "lose" || !what.again) this.#messages.splice(at, 1);
      if (what.kind === "arrive") await this.#arrive(message);
    }
    this.#look();
  }

  /** Nothing is lost any more, and everybody has time. */
  async settle(holder: number): Promise<boolean> {
    await this.#calm();
    this.#now += 3 * TIME.longest;
    // One may have begun with what it saw long ago; then it looks, then it holds.
    for (let round = 0; round < 3; round++) {
      await this.#want(holder);
      await this.#calm();
    }
    return this.#holds(holder);
  }

  async #try(holder: number, reached: readonly number[]): Promise<void> {
    const late = this.#messages.splice(0);
    for (let round = 0; round < 2; round++) {
      await this.#want(holder);
      const sent = this.#messages.splice(0).filter(({ voter }) => reached.includes(voter));
      this.#messages.push(...sent);
      await this.#calm();
    }
    this.#messages.push(...late);
  }

  async #calm(): Promise<void> {
    for (let message = this.#messages.shift(); message; message = this.#messages.shift())
      await this.#arrive(message);
  }

  async #want(holder: number): Promise<void> {
    if (this.#holds(holder)) return this.#send(holder, "hold");
    const newest = await this.core.ask("newest", holder);
    if (newest === "none") return this.#send(holder, "inspect");
    const epoch = Number(newest.split(" ")[1]) + 1;
    await this.core.ask("begin", holder, epoch);
    this.#epoch[holder] = epoch;
    this.#until[holder] = 0;
    this.#send(holder, "hold");
  }

  #send(holder: number, verb: Message["verb"]): void {
    const sent = this.#clock(this.clocks.holders[holder]!);
    const epoch = this.#epoch[holder]!;
    for (const voter of VOTERS)
      this.#messages.push({ to: "voter", voter, holder, verb, epoch, sent });
  }

  /** It stops to act first; the same epoch is never taken up again. */
  #release(holder: number): void {
    if (!this.#holds(holder)) return;
    this.#until[holder] = 0;
    this.#send(holder, "release");
    this.#epoch[holder] = 0;
    void this.core.ask("begin", holder, 0);
  }

  async #restart(voter: number, emptied: boolean): Promise<void> {
    if (emptied) {
      await this.core.ask("lose", voter);
      this.#wiped += 1;
    }
    await this.#start(voter, 100 + this.#wiped * 1_000_000);
  }

  async #arrive(message: Message): Promise<void> {
    const { to, voter, holder, verb, epoch, sent, said } = message;
    if (to === "voter") {
      const now = this.#clock(this.clocks.voters[voter]!);
      const words = verb === "inspect" ? [] : [`site-${holder}`, epoch, TIME.asked];
      const answer = await this.core.ask(verb, voter, now, ...words);
      if (verb !== "release") this.#messages.push({ ...message, to: "holder", said: answer });
    } else if (verb === "inspect") {
      const [whose, last] = said!.split(" ");
      await this.core.ask("seen", holder, voter, whose!, last!);
    } else if (said === "1") {
      const until = Number(await this.core.ask("granted", holder, voter, epoch, sent));
      const held = this.#holds(holder);
      if (epoch === this.#epoch[holder]) this.#until[holder] = until;
      if (!held && this.#holds(holder)) this.held.push({ holder, epoch });
    }
  }

  #look(): void {
    const holding = [...this.clocks.holders.keys()].filter((holder) => this.#holds(holder));
    if (holding.length > 1) this.collisions.push(`at ${this.#now}: ${holding.join(" and ")}`);
  }
}
