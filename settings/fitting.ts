import type { Problem } from "../components/model/system.ts";

type Path = Problem["path"];

/** What of a value fits. */
export interface Fitting<Raw, T> {
  /** The value without what does not fit. */
  raw: Raw;
  /** What it was read as; undefined where something is wrong that cannot be left out. */
  value: T | undefined;
  /** All that is wrong with it. */
  problems: Problem[];
  /** Where something was left out, so that what depends on it is not looked at. */
  dropped: Path[];
}

/**
 * Reads a value without what does not fit, as often as it takes until the rest does: one mistake must not hide the others.
 * Nothing is told of a place where something was left out, since that it is missing then is nobody's mistake.
 */
export function fitting<Raw, T>(
  value: Raw,
  read: (raw: Raw) => { value?: T | undefined; problems: Problem[] },
): Fitting<Raw, T> {
  const raw = structuredClone(value);
  const problems: Problem[] = [];
  const dropped: Path[] = [];
  for (;;) {
    const { value: fits, problems: found } = read(raw);
    problems.push(...found.filter(({ path }) => !dropped.some((gone) => beginsWith(gone, path))));
    const gone: Path[] = [];
    for (const { path } of found) {
      // Where a part was left out for one problem, the others of that part are gone with it.
      const one = gone.some((other) => beginsWith(path, other)) ? undefined : drop(raw, path);
      if (one) gone.push(one);
    }
    dropped.push(...gone);
    if (fits !== undefined || !gone.length) return { raw, value: fits, problems, dropped };
  }
}

/** Whether a path is a part of another, or the other of it. */
export function overlap(a: Path, b: Path): boolean {
  return beginsWith(a, b) || beginsWith(b, a);
}

function beginsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}

/** Takes away what is at a path, or the nearest that holds its place; a list as a whole. @returns where something was */
function drop(value: unknown, path: Path): Path | undefined {
  const list = path.findIndex((part) => typeof part === "number");
  for (let length = list < 0 ? path.length : list; length > 0; length--) {
    const at = path.slice(0, length);
    const key = String(at.at(-1));
    const holder = at.slice(0, -1).reduce<unknown>(own, value);
    if (own(holder, key) === undefined) continue;
    Reflect.deleteProperty(holder as object, key);
    return at;
  }
  return undefined;
}

function own(holder: unknown, key: string | number): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;
}
