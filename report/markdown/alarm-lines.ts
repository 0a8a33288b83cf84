import type { Alarm } from "../model.ts";
import { code, prose } from "./inert.ts";

/** What each kind of alarm is called, the gravest first. */
export const alarmNames: Readonly<Record<Alarm["kind"], string>> = {
  data: "💾 Data",
  protected: "🔒 Protected",
  namespace: "🗂️ Namespaces",
  definition: "🧩 Kinds of the cluster",
  replacement: "♻️ Replaced",
  deletion: "🗑️ Deleted",
  exposure: "🌐 Reachable from outside",
  network: "🚧 Network policies",
  permission: "🔑 Permissions",
  "scaled-to-zero": "🛑 Scaled to zero",
  chart: "📦 Charts",
  image: "🐳 Images",
};

/** How much alarms say, from all they know to what they are about. */
export const alarmDetails = ["full", "short", "names"] as const;
export type AlarmDetail = (typeof alarmDetails)[number];

/** Alarms as lines, those of one kind and message together. None is ever left out, only what it says beside its object. */
export function alarmLines(alarms: readonly Alarm[], detail: AlarmDetail): string {
  const groups = Map.groupBy(alarms, ({ kind, message, detail: more }) =>
    // What many objects have in common is said once: the same chart's version, the same image.
    JSON.stringify([kind, message, detail === "full" ? more : undefined]),
  );
  return [...groups.values()].map((group) => lineOf(group, detail)).join("\n");
}

function lineOf(group: readonly Alarm[], detail: AlarmDetail): string {
  const [first] = group;
  if (!first) return "";
  const name = `**${alarmNames[first.kind]}**`;
  const [one] = group.length === 1 ? group : [];
  const objects = detail === "names" ? names(group) : group.map(({ object }) => code(object)).join(", ");
  const more = detail === "full" && first.detail ? `: ${code(first.detail)}` : "";
  const what = prose(first.message);
  return one
    ? `- ${name}: ${objects} ${what}${more}`
    : `- ${name}, ${group.length} of them: ${what}${more}: ${objects}`;
}

/** Names by kind, in the fewest letters: `Service a/x, a/y`. */
function names(group: readonly Alarm[]): string {
  const kinds = Map.groupBy(group, ({ object }) => object.split(" ")[0] ?? "");
  return [...kinds]
    .map(([kind, all]) =>
      code(`${kind} ${all.map(({ object }) => object.slice(kind.length + 1)).join(", ")}`, {
        most: Number.POSITIVE_INFINITY,
      }),
    )
    .join(", ");
}
