import type { Drawing } from "../../topology/drawing.ts";
import { mermaid } from "../../topology/mermaid.ts";
import { cut, visible } from "../inert-text.ts";
import type { Change, StackReport } from "../model.ts";
import { operationNames } from "./change-blocks.ts";

/** The most boxes that can still be told apart. */
const most = 40;
const signs = Object.entries(operationNames).map(([operation, name]) => [operation, name[0]] as const);

/** What changed, drawn: the components with what happens to their objects, and who may talk to whom. Undefined where nothing or too much does. */
export function changeGraph({ changes, links }: StackReport): string | undefined {
  const components = Map.groupBy(changes.list, ({ component }) => component);
  const others = links.flatMap(({ from, to }) => [from, to]).filter((name) => !components.has(name));
  const names = [...components.keys(), ...new Set(others)].sort();
  if (components.size === 0 || names.length > most) return undefined;
  const namespaces = Map.groupBy(
    names,
    (name) => components.get(name)?.find(({ namespace }) => namespace)?.namespace ?? "",
  );
  const node = (name: string): Drawing["outside"][number] => ({
    id: name,
    kind: components.has(name) ? "service" : "outside",
    lines: [short(name), summary(components.get(name) ?? [])],
  });
  const drawing: Drawing = {
    title: "What changes",
    legend: "",
    namespaces: [...namespaces]
      .filter(([namespace]) => namespace !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([namespace, inside]) => ({
        name: namespace,
        label: `namespace ${short(namespace)}`,
        nodes: inside.map(node),
      })),
    outside: (namespaces.get("") ?? []).map(node),
    edges: links
      .filter(({ from, to }) => names.includes(from) && names.includes(to))
      .map(({ from, to, label }) => ({ from, to, lines: label === "" ? [] : [short(label)] })),
  };
  return mermaid(drawing).trimEnd();
}

function summary(changes: readonly Change[]): string {
  const counts = signs.flatMap(([operation, sign]) => {
    const number = changes.filter((one) => one.operation === operation).length;
    return number > 0 ? [`${sign}${number}`] : [];
  });
  return counts.join(" ") || "no change";
}

function short(text: string): string {
  return cut(visible(text), 60);
}
