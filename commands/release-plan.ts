import type { Color } from "../components/model/blue-green.ts";
import { type Colored, otherColor, type Release } from "../components/model/release.ts";

/** What identifies a version: an image's tag, its digest, or both. */
export type Version = Pick<Colored, "tag" | "digest">;

/** What somebody wants of a service's release. */
export type Wish =
  | { do: "release"; version: Version }
  | { do: "rollback" }
  | { do: "finish"; force: boolean }
  | { do: "abort" };

/** Where a release stands. */
export interface Standing {
  /** What the stack's settings say. */
  release: Release;
  /** Whether the engine has brought the cluster there since the command began. */
  applied: boolean;
  /** The version of the colour with the traffic. */
  version: Version;
  /** Pods that an autoscaler wants of the colour with the traffic; undefined without an autoscaler. */
  pods: number | undefined;
  now: Date;
  retentionSeconds: number;
}

/** What is to be done next. `settings` are written before anything else, so that they alone say where the release stands. */
export type Step =
  | { do: "apply"; settings: Release; goal: Goal }
  | { do: "write"; settings: Release }
  | { do: "wait"; until: Date }
  | { do: "end"; as: "released" | "rolled-back" | "finished" | "aborted" }
  | { do: "refuse"; why: Refusal };

/** What the engine is run for. */
export type Goal = "deploy" | "switch" | "go-back" | "clean" | "catch-up";

/** Why a wish cannot be fulfilled. */
export type Refusal =
  | "other-release-unfinished"
  | "nothing-to-roll-back"
  | "not-switched"
  | "too-early"
  | "has-traffic";

/** Nothing is under way; a second colour waits without traffic; the new colour has the traffic and the old one is kept. */
export type Phase = "steady" | "idle" | "switched";

/** Which phase settings describe. The new colour is the one with a check. */
export function phaseOf(release: Release): Phase {
  if (!release[otherColor(release.active)]) return "steady";
  return release[release.active]?.check ? "switched" : "idle";
}

/** The next step towards what is wished. Calling it again after each step leads to the end; stopping anywhere and calling it later too. */
export function nextStep(standing: Standing, wish: Wish): Step {
  switch (wish.do) {
    case "release":
      return release(standing, wish.version);
    case "rollback":
      return rollback(standing);
    case "finish":
      return finish(standing, wish.force);
    case "abort":
      return abort(standing);
  }
}

function release(standing: Standing, wanted: Version): Step {
  const { release, applied, version, pods } = standing;
  const { active } = release;
  const phase = phaseOf(release);
  if (phase === "switched") {
    if (!sameVersion(release[active] ?? {}, wanted)) return { do: "refuse", why: "other-release-unfinished" };
    if (!applied) return { do: "apply", settings: release, goal: "switch" };
    return release.previousUntil === undefined ? keep(standing) : finish(standing, false, "released");
  }
  if (sameVersion(version, wanted)) {
    if (phase === "idle") return { do: "refuse", why: "other-release-unfinished" };
    return applied ? { do: "end", as: "released" } : { do: "apply", settings: release, goal: "catch-up" };
  }
  const idle = otherColor(active);
  const candidate = release[idle];
  const enough = pods === undefined || pods <= (release.replicas ?? 0);
  if (candidate && applied && enough && sameVersion(candidate, wanted))
    return { do: "apply", settings: { ...release, active: idle }, goal: "switch" };
  // Each attempt checks anew; only more pods, added to what has been checked, need no other check.
  const check = (candidate?.check ?? 0) + (applied && candidate && sameVersion(candidate, wanted) ? 0 : 1);
  const settings: Release = {
    active,
    [active]: { ...version },
    [idle]: { ...wanted, check },
    ...(pods === undefined ? {} : { replicas: pods }),
  };
  return { do: "apply", settings, goal: "deploy" };
}

/** Counts the retention from when the traffic has really moved. */
function keep({ release, now, retentionSeconds }: Standing): Step {
  const until = new Date(now.getTime() + retentionSeconds * 1000);
  return { do: "write", settings: { ...release, previousUntil: until.toISOString() } };
}

function rollback({ release, applied, pods }: Standing): Step {
  switch (phaseOf(release)) {
    case "steady":
      return { do: "refuse", why: "nothing-to-roll-back" };
    case "idle":
      return applied ? { do: "end", as: "rolled-back" } : { do: "apply", settings: release, goal: "go-back" };
    case "switched": {
      const { previousUntil: _, replicas = 0, ...rest } = release;
      return {
        do: "apply",
        settings: {
          ...rest,
          active: otherColor(release.active),
          ...(pods === undefined ? {} : { replicas: Math.max(replicas, pods) }),
        },
        goal: "go-back",
      };
    }
  }
}

function finish(standing: Standing, force: boolean, as: "released" | "finished" = "finished"): Step {
  const { release, applied, now } = standing;
  switch (phaseOf(release)) {
    case "idle":
      return { do: "refuse", why: "not-switched" };
    case "steady":
      return applied ? { do: "end", as } : { do: "apply", settings: release, goal: "catch-up" };
    case "switched": {
      const until = release.previousUntil ? new Date(release.previousUntil) : undefined;
      if (!force && as === "released" && until && until > now) return { do: "wait", until };
      if (!force && (!until || until > now)) return { do: "refuse", why: "too-early" };
      return { do: "apply", settings: only(release, release.active), goal: "clean" };
    }
  }
}

function abort({ release, applied }: Standing): Step {
  switch (phaseOf(release)) {
    case "switched":
      return { do: "refuse", why: "has-traffic" };
    case "steady":
      return applied ? { do: "end", as: "aborted" } : { do: "apply", settings: release, goal: "catch-up" };
    case "idle":
      return { do: "apply", settings: only(release, release.active), goal: "clean" };
  }
}

/** One colour alone, with nothing under way. */
function only(release: Release, color: Color): Release {
  const { check: _, ...version } = release[color] ?? {};
  return { active: color, [color]: version };
}

/** Whether two versions are one. A digest alone decides where both have it. */
export function sameVersion(one: Version, other: Version): boolean {
  return one.tag === other.tag && one.digest === other.digest;
}
