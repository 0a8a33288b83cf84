const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** The five fields of a schedule: their lowest and highest number, and the names that stand for numbers. */
const fields: readonly { low: number; high: number; names?: readonly string[] }[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 0, high: 6, names: days },
];
const macros = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \d\S*)$/;

/**
 * Whether a text is a schedule of a CronJob. A time zone in it (`TZ=`) is none: Kubernetes refuses it.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function isSchedule(text: string): boolean {
  if (macros.test(text.trim())) return true;
  const parts = text.trim().split(/\s+/);
  return (
    parts.length === fields.length && parts.every((part, index) => part.split(",").every((item) => isItem(item, index)))
  );
}

/** `*`, `?`, `5`, `1-5`, `mon-fri`, each with a step: `*` + `/15`. */
function isItem(item: string, index: number): boolean {
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [from, to, ...rest] = range.split("-").map((value) => numberOf(value, index));
  if (rest.length > 0 || from === undefined || Number.isNaN(from)) return false;
  return to === undefined || (!Number.isNaN(to) && from <= to);
}

function numberOf(value: string, index: number): number {
  const { low, high, names } = fields[index] ?? { low: 0, high: 0 };
  const named = names?.indexOf(value.toLowerCase()) ?? -1;
  const number = named >= 0 ? named + low : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return low <= number && number <= high ? number : Number.NaN;
}

/** Whether a text is a time zone by name; `Local` is none to Kubernetes. */
export function isTimeZone(text: string): boolean {
  try {
    return (
      text !== "" &&
      /^[A-Za-z]/.test(text) &&
      text !== "Local" &&
      Boolean(new Intl.DateTimeFormat("en", { timeZone: text }))
    );
  } catch {
    return false;
  }
}
