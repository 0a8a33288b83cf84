import { setTimeout as sleep } from "node:timers/promises";
import { colors } from "../components/model/blue-green.ts";
import { coloredImage, otherColor, type Release } from "../components/model/release.ts";
import type { Service } from "../components/model/service.ts";
import type { Resolved } from "../settings/resolve.ts";
import { type EnginePlace, runPulumi } from "./engine-place.ts";
import { type LiveColor, ReleaseCluster } from "./release-cluster.ts";
import { type Goal, nextStep, phaseOf, type Step, type Version, type Wish } from "./release-plan.ts";
import { stackFile, writeRelease } from "./release-settings.ts";
import { failure, headline, refusal, versionText } from "./release-words.ts";
import { livingLockHolders } from "./stack-lock.ts";

/** Ends a release with one message. */
export class ReleaseError extends Error {}

/** How often the cluster is looked at, in milliseconds, and how many times in a row the new colour may have no ready pod. */
const pause = 3000;
const patience = 5;

/** The release of one service in one stack: takes one step after the other and says what it does. */
export class ReleaseDriver {
  readonly #place: EnginePlace;
  readonly #stack: string;
  readonly #name: string;
  readonly #system: string;
  readonly #service: Service & { blueGreen: NonNullable<Service["blueGreen"]> };
  /** Jobs in the service's image, or that it waits for. */
  readonly #jobs: string[];
  readonly #cluster: ReleaseCluster;
  #release: Release;
  #applied = false;

  constructor(place: EnginePlace, stack: string, name: string, resolved: Resolved) {
    const { services, releases, jobs } = resolved.platform;
    const service = services[name];
    if (!service?.blueGreen) throw new ReleaseError(`service "${name}" is not released blue-green`);
    this.#place = place;
    this.#stack = stack;
    this.#name = name;
    this.#system = resolved.platform.name;
    this.#service = { ...service, blueGreen: service.blueGreen };
    this.#jobs = Object.entries(jobs)
      .filter(([, { from, before }]) => from === name || before.includes(name))
      .map(([job]) => job);
    this.#cluster = new ReleaseCluster(resolved, name);
    this.#release = releases[name] ?? { active: "blue" };
  }

  /** What is to be typed to do something with this release. */
  command(words: string): string {
    return `npm run release -- --stack ${this.#stack} --service ${this.#name} ${words}`;
  }

  /** The version of the colour with the traffic. */
  get version(): Version {
    const { tag, digest } = coloredImage(this.#service.image, this.#release[this.#release.active]);
    return { ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
  }

  /** Takes steps until the wish is fulfilled; with `wait: false` it does not wait for the time of the old colour to pass. */
  async run(wish: Wish, { wait = true } = {}): Promise<void> {
    await this.#ready();
    for (;;) {
      const step = nextStep(await this.#standing(), wish);
      switch (step.do) {
        case "refuse":
          throw new ReleaseError(refusal(step.why, this.#release, (words) => this.command(words)));
        case "write":
          await this.#write(step.settings);
          break;
        case "apply":
          await this.#apply(step, wish);
          break;
        case "wait":
          if (!wait) return this.#sayKept(step.until);
          await this.#wait(step.until);
          break;
        case "end":
          return this.#sayEnd(step.as);
      }
    }
  }

  /** Says where the release stands, in the settings and in the cluster. */
  async status(): Promise<void> {
    const release = this.#release;
    const traffic = await this.#cluster.traffic();
    const words = {
      steady: "no release is under way",
      idle: "one colour waits without traffic",
      switched: "the new colour has the traffic, the old one is kept",
    };
    console.log(`${this.#name} in stack ${this.#stack}: ${words[phaseOf(release)]}`);
    for (const color of colors) {
      if (!release[color] && color !== release.active) continue;
      const live = await this.#cluster.pods(color);
      const pods = live ? `${live.ready} of ${live.wanted} pods ready` : "not in the cluster";
      const has = traffic === color ? ", has the traffic" : "";
      console.log(
        `  ${color.padEnd(6)} ${versionText(coloredImage(this.#service.image, release[color]))}, ${pods}${has}`,
      );
    }
    if (release.previousUntil)
      console.log(
        `  ${otherColor(release.active)} is kept until ${release.previousUntil}: ${this.command("--rollback")}, or --finish`,
      );
    if (traffic !== release.active)
      console.log(
        `  The settings give the traffic to ${release.active}, the cluster to ${traffic ?? "nobody"}: pulumi up --stack ${this.#stack}`,
      );
  }

  async #ready(): Promise<void> {
    const running = await livingLockHolders(this.#place, this.#stack);
    if (running.length)
      throw new ReleaseError(
        `an update of stack ${this.#stack} is running (process ${running.join(", ")}); let it end, or interrupt it with Ctrl-C`,
      );
    if ((await this.#cluster.traffic()) === undefined)
      throw new ReleaseError(
        `the cluster has no Service of ${this.#name} with a colour yet; deploy the stack first: pulumi up --stack ${this.#stack}`,
      );
  }

  async #standing(): Promise<Parameters<typeof nextStep>[0]> {
    const live = this.#service.autoscaling ? await this.#cluster.pods(this.#release.active) : undefined;
    return {
      release: this.#release,
      applied: this.#applied,
      version: this.version,
      pods: live?.wanted,
      now: new Date(),
      retentionSeconds: this.#service.blueGreen.retentionSeconds,
    };
  }

  async #write(settings: Release): Promise<void> {
    await writeRelease(this.#place, this.#stack, this.#name, settings);
    this.#release = settings;
  }

  async #apply({ settings, goal }: Extract<Step, { do: "apply" }>, wish: Wish): Promise<void> {
    if (goal === "go-back") await this.#refuseWithoutPods(settings);
    const before = this.#release;
    await this.#write(settings);
    console.log(headline(goal, settings, before, (release, color) => this.#versionOf(release, color)));
    const started = performance.now();
    const { failed, output } = await this.#engine(goal, settings);
    if (failed) throw new ReleaseError(await this.#failure(goal, settings, output, wish));
    console.log(`  done in ${Math.round((performance.now() - started) / 1000)} s`);
    this.#applied = true;
  }

  /** Runs the engine for this service alone, and tells meanwhile how many pods are ready. */
  async #engine(goal: Goal, settings: Release): Promise<{ failed: boolean; output: string }> {
    const targets = this.#targets().flatMap((urn) => ["--target", urn]);
    const words = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...targets];
    // What is new is judged by the rules; what goes back was judged before, and is in a hurry.
    if (goal === "deploy") words.push("--policy-pack", "policies");
    const stop = new AbortController();
    // Ctrl-C is the engine's to handle: it ends what it has begun, and this command tells how it went.
    const leave = () => undefined;
    process.on("SIGINT", leave);
    try {
      if (goal === "deploy") void this.#tellProgress(otherColor(settings.active), stop.signal);
      return await runPulumi(this.#place, this.#stack, words);
    } finally {
      stop.abort();
      process.off("SIGINT", leave);
    }
  }

  /** URNs of the service's own objects and its jobs': what else was changed in the settings is not this command's to deploy. */
  #targets(): string[] {
    const urn = (component: string, name: string) =>
      `urn:pulumi:${this.#stack.split("/").at(-1)}::**$keelson:workloads:${component}**::${this.#system}-${name}**`;
    return [urn("ApplicationService", this.#name), ...this.#jobs.map((job) => urn("ApplicationJob", job))];
  }

  async #tellProgress(color: "blue" | "green", signal: AbortSignal): Promise<void> {
    let told = "";
    while (!signal.aborted) {
      const live = await this.#cluster.pods(color).catch((): undefined => undefined);
      const text = live ? `  ${color}: ${live.ready} of ${live.wanted} pods ready` : "";
      if (text && text !== told && !signal.aborted) console.log(text);
      told = text;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #failure(goal: Goal, settings: Release, output: string, wish: Wish): Promise<string> {
    const traffic = await this.#cluster.traffic().catch(() => undefined);
    const color = goal === "deploy" ? otherColor(settings.active) : settings.active;
    const troubles = await this.#cluster.troubles(color).catch((): string[] => []);
    return failure({
      goal,
      color,
      traffic,
      troubles,
      output,
      wish,
      stack: this.#stack,
      command: (words) => this.command(words),
    });
  }

  async #refuseWithoutPods(settings: Release): Promise<void> {
    if ((await this.#cluster.traffic()) === settings.active) return;
    const live = await this.#cluster.pods(settings.active);
    if (live?.serving) return;
    const troubles = await this.#cluster.troubles(settings.active);
    throw new ReleaseError(
      `${settings.active} has no ready pod${troubles.length ? ` (${troubles.join("; ")})` : ""}, so the traffic stays where it is`,
    );
  }

  /** Waits, and ends with the traffic given back where the new colour loses all its pods. */
  async #wait(until: Date): Promise<void> {
    this.#sayKept(until);
    let without = 0;
    while (Date.now() < until.getTime()) {
      await sleep(Math.min(pause, Math.max(0, until.getTime() - Date.now())));
      const live = await this.#cluster.pods(this.#release.active).catch((): LiveColor | undefined => undefined);
      without = live?.serving === 0 ? without + 1 : 0;
      if (without < patience) continue;
      const color = this.#release.active;
      const troubles = await this.#cluster.troubles(color);
      console.log(`${color} has had no ready pod for ${(pause * patience) / 1000} s`);
      await this.run({ do: "rollback" });
      throw new ReleaseError(
        `${color} lost all its pods after it had got the traffic, which was given back to ${this.#release.active}${troubles.length ? `\n  ${troubles.join("\n  ")}` : ""}`,
      );
    }
  }

  #sayKept(until: Date): void {
    const { active } = this.#release;
    console.log(
      `${otherColor(active)} is kept until ${until.toISOString()}, to go back to it: ${this.command("--rollback")}`,
    );
  }

  #sayEnd(as: Extract<Step, { do: "end" }>["as"]): void {
    const { active } = this.#release;
    const now = `${active} has the traffic of ${this.#name} with ${versionText(this.version)}`;
    const idle = otherColor(active);
    if (as === "rolled-back" && this.#release[idle])
      console.log(
        `${now}. ${idle} (${this.#versionOf(this.#release, idle)}) is left to be looked at; ${this.command("--abort")} removes it`,
      );
    else console.log(now);
    const file = stackFile(this.#place, this.#stack);
    console.log(
      this.#place.sandbox
        ? `Where the release stands is in the sandbox's copy of the stack file, ${file}`
        : `Where the release stands is in ${file}: commit it`,
    );
  }

  #versionOf(release: Release, color: "blue" | "green"): string {
    return versionText(coloredImage(this.#service.image, release[color]));
  }
}
