import { nearestName } from "./kubernetes/nearest-name.ts";
import type { Environment, Level, OptionSchema, Options, Rule } from "./rule.ts";

/**
 * What is wrong with a pack's configuration that neither the engine nor the SDK looks at: both accept a misspelled
 * rule or option in silence. Values are checked by the engine, against the schema of each rule's options.
 * @param configured the options given for each name in the configuration, as a map by option
 * @returns one line for each mistake
 */
export function configurationErrors(
  rules: readonly Rule[],
  configured: Iterable<readonly [name: string, options: object]>,
): string[] {
  return [...configured].flatMap(([name, given]) => {
    const options = Object.keys(given);
    if (name === "all")
      return options.map((option) => `"all" has no option "${option}": it sets the level of every rule.`);
    const rule = rules.find(({ id }) => id === name);
    if (!rule) {
      return [`There is no rule "${name}".${suggestion(name, ["all", ...rules.map(({ id }) => id)])}`];
    }
    const known = Object.keys(rule.options ?? {});
    return options
      .filter((option) => !known.includes(option))
      .map(
        (option) => `Rule "${name}" has no option "${option}".${suggestion(option, ["enforcementLevel", ...known])}`,
      );
  });
}

/**
 * What is wrong with the levels that are configured: only some rules can set something right, and only in dev they may.
 * @returns one line for each mistake
 */
export function levelErrors(
  rules: readonly Rule[],
  levels: ReadonlyMap<string, Level>,
  environment: Environment,
): string[] {
  const asked = rules.filter(({ id }) => (levels.get(id) ?? levels.get("all")) === "remediate");
  if (asked.length > 0 && environment !== "dev")
    return [
      `${named(asked)} cannot be set to remediate in ${environment}: only in dev a rule may change what it judges.`,
    ];
  const unable = asked.filter((rule) => rule.sees !== "object" || !rule.settings);
  if (unable.length === 0) return [];
  const able = rules.flatMap((rule) => (rule.sees === "object" && rule.settings ? [rule.id] : []));
  return [`${named(unable)} cannot be set to remediate; ${able.join(", ")} can.`];
}

function named(rules: readonly Rule[]): string {
  const [first, ...more] = rules.map(({ id }) => `"${id}"`);
  if (more.length > 2) return `Rule ${first} and ${more.length} more`;
  return `${more.length > 0 ? "Rules" : "Rule"} ${[first, ...more].join(", ")}`;
}

/**
 * What is wrong with the values of a rule's options, for where the engine does not look.
 * @returns one line for each mistake
 */
export function optionErrors(rule: Rule, given: Options): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const option = rule.options?.[name];
    if (!option) return [];
    if (option.enum && !option.enum.includes(String(value)))
      return [`Rule "${rule.id}", option "${name}": must be one of ${option.enum.join(", ")}.`];
    if (isOfType(option, value)) return [];
    const items = option.items?.type ? ` with items of type ${option.items.type}` : "";
    return [`Rule "${rule.id}", option "${name}": must be of type ${option.type}${items}.`];
  });
}

function isOfType({ type, items }: Partial<OptionSchema>, value: unknown): boolean {
  if (type === "array") return Array.isArray(value) && (!items?.type || value.every((item) => isOfType(items, item)));
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** A question after the known name that is nearest to a wrong one, if any is near. */
export function suggestion(wrong: string, known: readonly string[]): string {
  const nearest = nearestName(wrong, known);
  return nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
}
