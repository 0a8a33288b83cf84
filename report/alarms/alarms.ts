import { cut, visible } from "../inert-text.ts";
import { type Alarm, alarmKinds } from "../model.ts";
import { calledOf, nameOfUrn, type Resource } from "../resources.ts";
import { type Changed, changed, type Warning } from "./alarm.ts";
import { exposure } from "./exposure.ts";
import { lost } from "./lost.ts";
import { permission, weakRoles } from "./permission.ts";
import { chartVersion, images } from "./versions.ts";

/** The longest detail of an alarm. */
const longest = 600;

/** What a reviewer must not miss in a run, the gravest first. */
export function alarmsOf(resources: readonly Resource[]): Alarm[] {
  const all = resources.map(changed);
  const touched = all.filter(
    ({ operation, before, after }) => operation !== "same" || before?.protect !== after?.protect,
  );
  const weak = weakRoles(all);
  const found = touched.flatMap((object) =>
    [...lost(object), ...exposure(object), ...permission(object, weak), ...images(object)].map((one) =>
      alarm(object, one),
    ),
  );
  return [...found, ...chartAlarms(touched)].sort(inOrder);
}

function alarm(object: Resource, { kind, message, detail }: Warning): Alarm {
  return {
    kind,
    object: cut(visible(calledOf(object)), longest),
    urn: object.urn,
    message: cut(visible(message), longest),
    ...(detail === undefined ? {} : { detail: cut(visible(detail), longest) }),
  };
}

/** Charts whose objects carry another version than before. */
function chartAlarms(objects: readonly Changed[]): Alarm[] {
  const versions = new Map<string, Set<string>>();
  for (const { chart, old, now } of objects) {
    const [before, after] = [chartVersion(old), chartVersion(now)];
    if (chart === undefined || before === undefined || after === undefined || before === after) continue;
    versions.set(chart, (versions.get(chart) ?? new Set()).add(`${before} → ${after}`));
  }
  return [...versions].map(([urn, changes]) => ({
    kind: "chart" as const,
    object: cut(visible(`Chart ${nameOfUrn(urn)}`), longest),
    urn,
    message: "is another version",
    detail: cut(visible([...changes].sort().join("; ")), longest),
  }));
}

function inOrder(a: Alarm, b: Alarm): number {
  const key = ({ kind, object, message, detail = "" }: Alarm) =>
    [String(alarmKinds.indexOf(kind)).padStart(2, "0"), object, message, detail].join("\0");
  return key(a) < key(b) ? -1 : 1;
}
