import { type NamedModel, type ObjectName, objectNames } from "./object-names.ts";
import { keyPath } from "./problems.ts";
import type { Problem } from "./system.ts";

/** Two objects of one kind under one name would become one, or the second would be refused when the first is there. */
export function checkNames(model: NamedModel): Problem[] {
  return [...checkComponents(model), ...checkObjects(objectNames(model))];
}

/** `uses` and the drawing name services and data stores alike. */
function checkComponents({ services, data }: NamedModel): Problem[] {
  return Object.keys(data)
    .filter((name) => Object.hasOwn(services, name))
    .map((name) => ({
      path: ["data", name],
      message: `"${name}" is the name of a service too`,
      fix: "a name of its own for each",
    }));
}

/** A problem for each name that another took before, in the order given, once for each two that clash. */
function checkObjects(names: ObjectName[]): Problem[] {
  const taken = new Map<string, ObjectName>();
  const told = new Set<string>();
  return names.flatMap((one): Problem[] => {
    const { kind, name, owner, part = [], field = [], addon = "" } = one;
    const key = JSON.stringify([addon, kind, name]);
    const other = taken.get(key);
    taken.set(key, one);
    const path = [...owner, ...part, ...field];
    const pair = JSON.stringify([owner, other?.owner]);
    if (!other || told.has(pair)) return [];
    told.add(pair);
    const by = keyPath([...other.owner, ...(other.part ?? [])]);
    return [{ path, message: `"${name}" is taken by ${by}`, fix: `a name of its own for each ${kind}` }];
  });
}
