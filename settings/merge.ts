type Plain = Record<string, unknown>;

/** `base` with `over` laid on top: objects merge key by key, everything else replaces. Neither is changed. */
export function merge<T>(base: T, over: unknown): T {
  if (over === undefined) return base;
  if (!isPlain(base) || !isPlain(over)) return over as T;
  // A name that every object inherits, such as constructor, is a key like any other.
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged) as T;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
