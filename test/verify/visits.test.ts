import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

import type { Engine, EngineAnswer } from "../../modules/engine/docker-engine.ts";
import { CONFINE } from "../../modules/engine/confine.ts";
import { confined, runInside } from "../../modules/verify/run-inside.ts";
import { readVisit, VisitingEngine, visitScript } from "../../modules/verify/visits.ts";

/** Runs what `docker exec` would run, without the container: the words behind its name, with the same bash. */
class Host implements Engine {
  readonly name = "host";
  readonly containers: string[] = [];

  run(argv: readonly string[], stdin?: Buffer): Promise<EngineAnswer> {
    const [, , , , , container, ...words] = argv;
    this.containers.push(container!);
    if (words[0] === CONFINE) return Promise.resolve({ code: 0, stdout: "confined\n", stderr: "" });
    return Promise.resolve(here(words, stdin));
  }
}

function here([program, ...words]: readonly string[], input?: Buffer): EngineAnswer {
  const { status, stdout, stderr } = spawnSync(program!, words, { input, encoding: "utf8" });
  return { code: status ?? 128, stdout, stderr };
}

describe("a visit", () => {
  it("runs the errands of several askers by one execution, and gives each what it asked for", async () => {
    const host = new Host();
    const visiting = new VisitingEngine(host);
    const answers = await Promise.all([
      runInside(visiting, "a", "cat <<X\none\nX\necho two"),
      runInside(visiting, "b", "echo of b"),
      runInside(visiting, "a", "printf 'no end of line'; exit 3\n"),
      runInside(visiting, "a", ""),
    ]);
    expect(answers.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, "one\ntwo\n"],
      [0, "of b\n"],
      [3, "no end of line"],
      [0, ""],
    ]);
    expect(host.containers).toEqual(["a", "b"]);
  });

  it("lets nobody wait for who does not come back, and says so by the code", () => {
    const script = visitScript("mark", [
      { script: "sleep 30", seconds: 1 },
      { script: "echo there", seconds: 5 },
    ]);
    const answers = readVisit("mark", here(["bash", "-s"], Buffer.from(script)).stdout);
    expect([...answers.values()].map(({ code, stdout: said }) => [code, said])).toEqual([
      [124, ""],
      [0, "there\n"],
    ]);
  });

  it("starts nothing in a tenant's container but through what takes its rights away", async () => {
    const visiting = new VisitingEngine(new Host());
    const answers = await Promise.all([
      runInside(confined(visiting), "a", "id"),
      runInside(confined(visiting), "a", "id"),
    ]);
    expect(answers.map(({ stdout }) => stdout)).toEqual(["confined\n", "confined\n"]);
  });

  it("keeps apart what the engine runs and what runs in containers", async () => {
    const host = new Host();
    const visiting = new VisitingEngine(host);
    expect(visiting.name).toBe("host");
    const answer = await visiting.run(["docker", "exec", "-i", "--user", "root", "c", "true"]);
    expect(answer.code).toBe(0);
  });
});
