import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SiteName } from "../../inventory/site-model.ts";
import { engineName } from "../../plan/engine-names.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { EngineAnswer } from "../docker-engine.ts";
import type { EngineOf } from "../service-move.ts";
import { drillNotReady, drillRefused } from "./drill-findings.ts";
import type { ServiceSteps } from "./drill-steps.ts";

/** Moves a server without a streamed database: its volume is copied while it stands still, then the other one starts. */
export class ServerSteps implements ServiceSteps {
  constructor(
    readonly plan: KabupatenPlan,
    readonly service: string,
    readonly engineOf: EngineOf,
    readonly lost: boolean,
  ) {}

  async ready(to: SiteName): Promise<Diagnostic | undefined> {
    const server = this.#container(to);
    const there = await this.#docker(to, "container", "inspect", server);
    if (there.code !== 0)
      return drillNotReady(`${server} is not there`, "simpul deploy makes it ready");
    if (
      to === "pusat-data" ||
      (await this.#replica("status")).stdout.includes(`${this.service} ended`)
    )
      return undefined;
    return drillNotReady(
      `the volume of ${this.service} was never copied to the DRC`,
      "simpul verify drc says when copies were made; wait for the first",
    );
  }

  async end(from: SiteName): Promise<Diagnostic | undefined> {
    const ended = await this.#docker(from, "stop", "--time", "30", this.#container(from));
    return ended.code === 0 ? undefined : this.#refused(from, "end", ended);
  }

  async begin(to: SiteName): Promise<Diagnostic | undefined> {
    const moved = to === "drc" ? await this.#bringThere() : await this.#bringBack();
    if (moved.code !== 0) return this.#refused(to, "take the data", moved);
    const started = await this.#docker(to, "start", this.#container(to));
    return started.code === 0 ? undefined : this.#refused(to, "start", started);
  }

  async #bringThere(): Promise<EngineAnswer> {
    const replica = this.plan.drc!.replica!;
    if (!this.lost) {
      const copied = await this.#replica("now", replica.source.service.ipv4.text, this.service);
      if (copied.code !== 0) return copied;
    }
    return this.#replica("activate", this.service);
  }

  /** All that was changed at the DRC; both volumes are on one engine. */
  async #bringBack(): Promise<EngineAnswer> {
    const volumes = this.plan.drc!.replica!.volumes.find(({ server }) => server === this.service)!;
    if (this.engineOf("drc").name !== this.engineOf("pusat-data").name)
      return {
        code: 1,
        stdout: "",
        stderr:
          "the sites have engines of their own: bring its files back by hand (rsync), then --continue",
      };
    const image = await this.#docker("drc", "inspect", "--format", "{{.Image}}", this.#copier());
    const words = [
      ...["run", "--rm", "--network", "none", "--cap-drop", "ALL", "--log-driver", "none"],
      ...["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"].flatMap((right) => ["--cap-add", right]),
      ...["--security-opt", "no-new-privileges", "--volume", `${volumes.to}:/from:ro`],
      ...["--volume", `${volumes.from}:/to`, "--entrypoint", "rsync", image.stdout.trim()],
      ...["--archive", "--hard-links", "--acls", "--numeric-ids", "--delete", "--exclude=/.simpul"],
      ...["--exclude=/lost+found", "/from/", "/to/"],
    ];
    const copied = await this.#docker("drc", ...words);
    return copied.code === 0 ? this.#replica("release", this.service) : copied;
  }

  #replica(...words: readonly string[]): Promise<EngineAnswer> {
    return this.#docker("drc", "exec", this.#copier(), "simpul-replica", ...words);
  }

  #copier(): string {
    const { name } = this.plan.drc!.replica!.copier;
    return engineName({ kabupaten: this.plan.name, role: "backup-runner", name });
  }

  #container(site: SiteName): string {
    const { homes } = this.plan.drc!.moves.find(({ service }) => service === this.service)!;
    return engineName({ kabupaten: this.plan.name, role: "vps", name: homes[site].server });
  }

  #docker(site: SiteName, ...words: readonly string[]): Promise<EngineAnswer> {
    return this.engineOf(site).run(["docker", ...words]);
  }

  #refused(site: SiteName, verb: string, { stderr }: EngineAnswer): Diagnostic {
    const said = stderr.trim().split("\n").at(-1) ?? "";
    return drillRefused(
      `${this.#container(site)} could not ${verb}: ${said}`,
      `it serves ${this.service} there`,
    );
  }
}
