import assert from "node:assert/strict";
import fc from "fast-check";
import { nextStep, phaseOf, type Standing, type Wish } from "../../commands/release-plan.ts";
import { type Color, colors } from "../../components/model/blue-green.ts";
import { otherColor, type Release } from "../../components/model/release.ts";

const now = new Date("2026-03-01T12:00:00Z");
const idle: Release = { active: "blue", blue: { tag: "v1" }, green: { tag: "v2", check: 1 }, replicas: 5 };
const switched: Release = { ...idle, active: "green" };

function standing(release: Release, more: Partial<Standing> = {}): Standing {
  const version = { tag: release[release.active]?.tag ?? "v1" };
  return { release, applied: true, version, pods: 5, now, retentionSeconds: 600, ...more };
}
const to = (tag: string): Wish => ({ do: "release", version: { tag } });

describe("the plan of a release", () => {
  it("brings the idle colour up with as many pods as the active one has", () => {
    assert.deepEqual(nextStep(standing({ active: "blue" }), to("v2")), { do: "apply", goal: "deploy", settings: idle });
  });

  it("moves the traffic once the idle colour is up and has enough pods", () => {
    assert.deepEqual(nextStep(standing(idle), to("v2")), { do: "apply", goal: "switch", settings: switched });
    const more = { ...idle, replicas: 8 };
    assert.deepEqual(nextStep(standing(idle, { pods: 8 }), to("v2")), { do: "apply", goal: "deploy", settings: more });
  });

  it("checks anew when it goes on after a failure or a kill", () => {
    assert.deepEqual(nextStep(standing(idle, { applied: false }), to("v2")), {
      do: "apply",
      goal: "deploy",
      settings: { ...idle, green: { tag: "v2", check: 2 } },
    });
  });

  it("counts the retention from when the traffic has moved", () => {
    assert.deepEqual(nextStep(standing(switched, { applied: false }), to("v2")), {
      do: "apply",
      goal: "switch",
      settings: switched,
    });
    const previousUntil = "2026-03-01T12:10:00.000Z";
    assert.deepEqual(nextStep(standing(switched), to("v2")), {
      do: "write",
      settings: { ...switched, previousUntil },
    });
    const kept = { ...switched, previousUntil };
    assert.deepEqual(nextStep(standing(kept), to("v2")), { do: "wait", until: new Date(previousUntil) });
    assert.deepEqual(nextStep(standing(kept, { now: new Date(previousUntil) }), to("v2")), {
      do: "apply",
      goal: "clean",
      settings: { active: "green", green: { tag: "v2" } },
    });
  });

  it("gives the traffic back with the pods that it needs now", () => {
    const kept = { ...switched, previousUntil: "2026-03-01T12:10:00.000Z" };
    assert.deepEqual(nextStep(standing(kept, { applied: false, pods: 8 }), { do: "rollback" }), {
      do: "apply",
      goal: "go-back",
      settings: { ...idle, replicas: 8 },
    });
  });

  it("refuses what would take the traffic's pods away, or the way back before its time", () => {
    const kept = { ...switched, previousUntil: "2026-03-01T12:10:00.000Z" };
    const why = (release: Release, wish: Wish) => {
      const step = nextStep(standing(release), wish);
      return step.do === "refuse" ? step.why : step.do;
    };
    assert.equal(why(kept, { do: "finish", force: false }), "too-early");
    assert.equal(why(switched, { do: "finish", force: false }), "too-early");
    assert.equal(why(kept, { do: "finish", force: true }), "apply");
    assert.equal(why(kept, { do: "abort" }), "has-traffic");
    assert.equal(why(idle, { do: "finish", force: true }), "not-switched");
    assert.equal(why({ active: "blue" }, { do: "rollback" }), "nothing-to-roll-back");
    assert.equal(why(kept, to("v3")), "other-release-unfinished");
  });

  it("never sends traffic to pods that are not up and checked, whatever is done, fails or is killed", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const world = new World();
        for (const one of actions) world.act(one);
      }),
      { numRuns: 2000 },
    );
  });

  it("comes to its end from wherever it was left", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 15 }), fc.constantFrom("v2", "v3"), (actions, tag) => {
        const world = new World();
        for (const one of actions) world.act(one);
        world.act({ wish: { do: "rollback" }, kill: undefined });
        world.act({ wish: { do: "abort" }, kill: undefined });
        assert.equal(phaseOf(world.settings), "steady");
        world.act({ wish: to(tag), kill: undefined });
        assert.equal(world.settings[world.settings.active]?.tag, tag);
        assert.deepEqual(world.deployed(), [`${world.traffic} ${tag}`]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Something that somebody does: a wish with the command, or a plain update. It is killed after so many of the engine's operations. */
interface Action {
  wish: Wish | "up";
  kill: number | undefined;
}

const action: fc.Arbitrary<Action> = fc.record({
  wish: fc.oneof(
    fc.constantFrom("v1", "v2", "v3", "not-starting", "not-passing").map(to),
    fc.constantFrom<Wish | "up">(
      { do: "rollback" },
      { do: "finish", force: false },
      { do: "finish", force: true },
      { do: "abort" },
      "up",
    ),
  ),
  kill: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
});

class Killed extends Error {}
class Failed extends Error {}

/** A cluster with one service, and an engine that brings it to the settings in the order of what depends on what. */
class World {
  settings: Release = { active: "blue" };
  traffic: Color = "blue";
  readonly pods = new Map<Color, { tag: string; ready: boolean }>([["blue", { tag: "v1", ready: true }]]);
  /** Colours and versions that have passed a check, and the first one. */
  readonly checked = new Set(["blue v1"]);
  #clock = now.getTime();
  #left = Number.POSITIVE_INFINITY;

  deployed(): string[] {
    return [...this.pods].map(([color, { tag }]) => `${color} ${tag}`);
  }

  act({ wish, kill }: Action): void {
    this.#left = kill ?? Number.POSITIVE_INFINITY;
    try {
      if (wish === "up") this.#up();
      else this.#run(wish);
    } catch (error) {
      if (!(error instanceof Killed || error instanceof Failed)) throw error;
    }
  }

  #run(wish: Wish): void {
    let applied = false;
    for (let steps = 0; ; steps++) {
      assert.ok(steps < 20, "it comes to an end");
      const { active } = this.settings;
      const version = { tag: this.#tag(active) };
      const step = nextStep(
        { release: this.settings, applied, version, pods: 3, now: new Date(this.#clock), retentionSeconds: 600 },
        wish,
      );
      if (step.do === "refuse" || step.do === "end") return;
      this.#operation(() => undefined);
      if (step.do === "wait") this.#clock = step.until.getTime();
      else this.settings = step.settings;
      if (step.do !== "apply") continue;
      this.#up();
      applied = true;
    }
  }

  /** The order that components/workloads gives the engine. */
  #up(): void {
    const { active } = this.settings;
    this.#bringUp(active);
    this.#operation(() => {
      this.traffic = active;
    });
    if (this.settings[otherColor(active)]) this.#bringUp(otherColor(active));
    for (const color of colors) {
      if (color !== active && !this.settings[color]) this.#operation(() => this.pods.delete(color));
    }
  }

  #bringUp(color: Color): void {
    const tag = this.#tag(color);
    if (this.pods.get(color)?.tag !== tag || !this.pods.get(color)?.ready) {
      this.#operation(() => this.pods.set(color, { tag, ready: false }));
      if (tag === "not-starting") throw new Failed();
      this.#operation(() => this.pods.set(color, { tag, ready: true }));
    }
    if (!this.settings[color]?.check) return;
    if (tag === "not-passing") throw new Failed();
    this.#operation(() => this.checked.add(`${color} ${tag}`));
  }

  #tag(color: Color): string {
    return this.settings[color]?.tag ?? "v1";
  }

  #operation(change: () => unknown): void {
    if (this.#left-- <= 0) throw new Killed();
    change();
    const serving = this.pods.get(this.traffic);
    assert.ok(serving?.ready, `the traffic goes to ${this.traffic}, which is ${JSON.stringify(serving)}`);
    assert.ok(this.checked.has(`${this.traffic} ${serving.tag}`), `${this.traffic} ${serving.tag} was checked`);
  }
}
