import { z } from "zod";

interface Field {
  name: string;
  least: number;
  most: number;
  /** Words for numbers, the first for `least`; case does not matter. */
  words?: string[];
}

const fields: Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, words: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { name: "day of the week", least: 0, most: 6, words: "sun mon tue wed thu fri sat".split(" ") },
];

/** What is wrong with a field of a schedule, as the parser reads it that Kubernetes and Velero share (robfig/cron, `ParseStandard`). */
function fieldProblem({ name, least, most, words }: Field, text: string): string | undefined {
  const given = words ? ` (or ${words[0]} to ${words.at(-1)})` : "";
  const allowed = `the ${name} must be ${least} to ${most}${given}, such as "*", "${least}-${most}" or "*/2"`;
  const number = (part: string): number => {
    const word = words?.indexOf(part.toLowerCase()) ?? -1;
    if (word >= 0) return least + word;
    return /^\d{1,9}$/.test(part) ? Number(part) : Number.NaN;
  };
  for (const part of text.split(",")) {
    const [, range = "", step] = /^([^/]+)(?:\/(\d{1,9}))?$/.exec(part) ?? [];
    if (step && Number(step) < 1) return `the ${name} must have a step of at least 1, and not "${part}"`;
    if (/^[*?]$/.test(range)) continue;
    const [from = "", to = from, ...more] = range.split("-");
    const [first, last] = [number(from), number(to)];
    if (more.length || !(first >= least && last <= most)) return `${allowed}, and not "${part}"`;
    if (first > last) return `the ${name} must be a range that does not end before it begins, and not "${part}"`;
  }
  return undefined;
}

/** A schedule as cron writes it, in the parts that Kubernetes takes. */
export const cronSchema = z
  .string()
  .regex(/^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[^\s=@]+(\s+[^\s=@]+){4})$/, {
    error: 'must be five fields such as "0 3 * * *", or @daily; the time zone has a key of its own',
    abort: true,
  })
  .superRefine((text, context) => {
    if (text.startsWith("@")) return;
    for (const [index, part] of text.split(/\s+/).entries()) {
      const field = fields[index];
      const message = field && fieldProblem(field, part);
      if (message) context.addIssue({ code: "custom", message });
    }
  });

/** A time zone by its name, as the zone database of Kubernetes has it: neither an abbreviation nor a distance from UTC. */
export const timeZoneSchema = z
  .string()
  // Node also knows zones of Java's (`PST`, `SystemV/PST8`), and any in small letters.
  .regex(/^(UTC|GMT|(?!SystemV)[A-Z][A-Za-z]*(\/[A-Z][-+\w]*){1,2})$/, {
    error: 'must be a time zone such as "Europe/Berlin" or "Etc/UTC"',
    abort: true,
  })
  .refine(isTimeZone, { error: 'must be a time zone that exists, such as "Europe/Berlin" or "Etc/UTC"' });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
