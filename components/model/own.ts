/** The entry of a record under a name that somebody gave; undefined where there is none, also for what every object inherits, such as constructor. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
