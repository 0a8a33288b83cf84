import type { Color } from "../components/model/blue-green.ts";
import { otherColor, type Release } from "../components/model/release.ts";
import { type Goal, phaseOf, type Refusal, type Version, type Wish } from "./release-plan.ts";

/** A version as people say it. */
export function versionText({ tag, digest }: Version): string {
  return [tag, digest?.slice(0, 19)].filter(Boolean).join("@");
}

/** What a step is about to do. */
export function headline(
  goal: Goal,
  settings: Release,
  before: Release,
  version: (release: Release, color: Color) => string,
): string {
  const { active } = settings;
  const idle = otherColor(active);
  switch (goal) {
    case "deploy": {
      const pods = settings.replicas ? ` with ${settings.replicas} pods` : "";
      return `Bringing up ${version(settings, idle)} in ${idle}${pods} and checking it; ${active} (${version(settings, active)}) keeps the traffic`;
    }
    case "switch":
      return `Moving the traffic to ${active} (${version(settings, active)})`;
    case "go-back":
      return `Giving the traffic back to ${active} (${version(settings, active)})`;
    case "clean":
      return `Removing ${idle} (${version(before, idle)})`;
    case "catch-up":
      return "Making sure that the cluster is where the settings say";
  }
}

/** Why a wish cannot be fulfilled, and what to type. */
export function refusal(why: Refusal, release: Release, command: (words: string) => string): string {
  const { active, previousUntil } = release;
  const idle = otherColor(active);
  const version = (color: Color) => versionText(release[color] ?? {});
  switch (why) {
    case "other-release-unfinished":
      return phaseOf(release) === "switched"
        ? `the release of ${version(active)} is not finished: ${command("--finish")} removes ${idle}, --rollback gives it the traffic back`
        : `${idle} (${version(idle)}) waits without traffic: ${command("--abort")} removes it first`;
    case "nothing-to-roll-back":
      return `there is no other colour to go back to, ${active} is alone; release the earlier version: ${command("--tag …")}`;
    case "not-switched":
      return `the traffic has not moved to ${idle} (${version(idle)}): ${command(`--tag ${release[idle]?.tag ?? "…"}`)} goes on, --abort removes it`;
    case "too-early":
      return previousUntil
        ? `${idle} is kept until ${previousUntil}, to go back to it; --finish --force removes it now`
        : `it is not known whether the traffic has moved: ${command(`--tag ${release[active]?.tag ?? "…"}`)} goes on; --finish --force removes ${idle} now`;
    case "has-traffic":
      return `${active} (${version(active)}) has the traffic: ${command("--rollback")} gives it back to ${idle} first`;
  }
}

/** How a step failed: where the traffic is, why, and what to type. */
export function failure({
  goal,
  color,
  traffic,
  troubles,
  output,
  wish,
  stack,
  command,
}: {
  goal: Goal;
  /** The colour that the step was about. */
  color: Color;
  /** The colour that has the traffic now. */
  traffic: string | undefined;
  troubles: string[];
  /** What the engine printed. */
  output: string;
  wish: Wish;
  stack: string;
  command: (words: string) => string;
}): string {
  const what: Record<Goal, string> = {
    deploy: `${color} did not come up or did not pass its check`,
    switch: `the traffic could not be moved to ${color}`,
    "go-back": `the traffic could not be given back to ${color}`,
    clean: "the other colour could not be removed",
    "catch-up": "the cluster could not be brought to where the settings say",
  };
  const lines = [
    `${what[goal]}; ${traffic ? `${traffic} has the traffic` : "where the traffic goes could not be seen"}`,
  ];
  const again = command(words(wish));
  if (/currently locked|failed to load checkpoint/.test(output)) {
    lines.push(
      `  The stack is locked: an update runs elsewhere, or its engine was killed. After a kill, npm run recover -- --stack ${stack}`,
      `  brings the cluster to where the settings say; then ${again}`,
    );
    return lines.join("\n");
  }
  lines.push(...troubles.map((trouble) => `  ${trouble}`), ...diagnostics(output).map((line) => `  ${line}`));
  lines.push(`  Try again:  ${again}`);
  if (goal === "deploy") lines.push(`  Give it up: ${command("--abort")}`);
  else if (wish.do === "release") lines.push(`  Go back:    ${command("--rollback")}`);
  return lines.join("\n");
}

/** What was typed. */
function words(wish: Wish): string {
  switch (wish.do) {
    case "release": {
      const { tag, digest } = wish.version;
      return [tag ? `--tag ${tag}` : "", digest ? `--digest ${digest}` : ""].filter(Boolean).join(" ");
    }
    case "finish":
      return wish.force ? "--finish --force" : "--finish";
    default:
      return `--${wish.do}`;
  }
}

/** What the engine said of errors, without what it says of each resource. */
function diagnostics(output: string): string[] {
  const [, said = output] = output.split(/^Diagnostics:\s*$/m);
  const [before = ""] = said.split(/^(?:Resources|Policies|Duration|Outputs):/m);
  return before
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !/^error: update failed$/.test(line) && !/^pulumi:pulumi:Stack/.test(line))
    .slice(0, 15);
}
