import { NotKnown } from "./field.ts";
import type { KubernetesObject } from "./object.ts";

/** What stands before an object in a list: the first that is like it, and why others before it may be too. */
interface Before {
  readonly first?: KubernetesObject;
  readonly unknown?: NotKnown;
}

/**
 * A search for the first of the objects before one that is like it. Each list is gone through once, however many
 * of its objects are asked about.
 * @param key what is the same for objects that are alike; undefined for one that is like no other
 * @returns a function that throws NotKnown if there is none, but may be
 */
export function twinsBy(
  key: (object: KubernetesObject) => string | undefined,
): (objects: readonly KubernetesObject[], object: KubernetesObject) => KubernetesObject | undefined {
  const known = new WeakMap<readonly KubernetesObject[], ReadonlyMap<KubernetesObject, Before>>();
  return (objects, object) => {
    const before = known.get(objects) ?? gone(objects, key);
    known.set(objects, before);
    const { first, unknown } = before.get(object) ?? {};
    if (!first && unknown) throw unknown;
    return first;
  };
}

function gone(
  objects: readonly KubernetesObject[],
  key: (object: KubernetesObject) => string | undefined,
): ReadonlyMap<KubernetesObject, Before> {
  const firsts = new Map<string, KubernetesObject>();
  const before = new Map<KubernetesObject, Before>();
  let unknown: NotKnown | undefined;
  for (const [index, object] of objects.entries()) {
    try {
      const own = key(object);
      if (own === undefined) continue;
      const first = firsts.get(own);
      before.set(object, { ...(first ? { first } : {}), ...(unknown ? { unknown } : {}) });
      if (!first) firsts.set(own, object);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      if (index > 0) before.set(object, { unknown: error });
      unknown ??= error;
    }
  }
  return before;
}
