import { suggestion } from "./configuration.ts";
import { nameOf } from "./message.ts";
import type { Finding, Rule } from "./rule.ts";

/** A permission to break one rule in one place, which somebody has given for a reason and for a time. */
export interface Waiver {
  /** The rule that may be broken. */
  readonly rule: string;
  /** The object that may break it: `Deployment shop/web`, `ClusterRole reader`; `*` stands for any text without a slash. */
  readonly object: string;
  /** The container that may break it; all of the object's where it is left out. */
  readonly container?: string;
  /** Why the rule cannot hold there. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it counts: `2027-03-31`. */
  readonly expires: string;
}

const keys = ["rule", "object", "reason", "owner", "expires"] as const;
const allKeys: readonly string[] = [...keys, "container"];

/**
 * Reads waivers as they stand in a configuration.
 * @returns the waivers, and one line for each mistake
 */
export function readWaivers(value: unknown, rules: readonly Rule[]): { waivers: Waiver[]; errors: string[] } {
  if (value === undefined || value === null) return { waivers: [], errors: [] };
  if (!Array.isArray(value)) return { waivers: [], errors: ["waivers must be a list."] };
  const errors: string[] = [];
  const waivers = value.flatMap((item: unknown, index) => {
    const place = `waivers[${index}]`;
    if (typeof item !== "object" || item === null) {
      errors.push(`${place} must be a map with ${keys.join(", ")}.`);
      return [];
    }
    const given = item as Record<string, unknown>;
    const wrong = Object.keys(given).filter((key) => !allKeys.includes(key));
    const missing = keys.filter((key) => typeof given[key] !== "string" || given[key].trim() === "");
    for (const key of wrong) errors.push(`${place} has no key "${key}"; its keys are ${allKeys.join(", ")}.`);
    if (given.container !== undefined && typeof given.container !== "string")
      errors.push(`${place}.container must be a text.`);
    for (const key of missing) errors.push(`${place}.${key} must be a text.`);
    if (wrong.length || missing.length) return [];
    const waiver = given as unknown as Waiver;
    const ids = rules.map(({ id }) => id);
    if (!ids.includes(waiver.rule))
      errors.push(`${place}.rule: there is no rule "${waiver.rule}".${suggestion(waiver.rule, ids)}`);
    if (!isDay(waiver.expires)) errors.push(`${place}.expires must be a day like 2027-03-31.`);
    return [waiver];
  });
  return { waivers, errors };
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Whether a waiver no longer counts on the given day. */
export function isExpired(waiver: Waiver, today: Date): boolean {
  return waiver.expires < today.toISOString().slice(0, "2027-03-31".length);
}

/** The waiver that covers a finding, expired ones too. */
export function waiverFor(waivers: readonly Waiver[], rule: Rule, finding: Finding): Waiver | undefined {
  return waivers.find(
    (waiver) =>
      waiver.rule === rule.id &&
      (waiver.container === undefined || waiver.container === finding.container) &&
      isLike(waiver.object, nameOf(finding.object)),
  );
}

/** Whether a name is like a pattern in which `*` stands for any text without a slash. */
export function isLike(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`).test(name);
}
