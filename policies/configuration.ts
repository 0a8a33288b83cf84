import { nearestName } from "./kubernetes/nearest-name.ts";
import type { OptionSchema, Options, Rule } from "./rule.ts";

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
 * What is wrong with the values of a rule's options, for where the engine does not look.
 * @returns one line for each mistake
 */
export function optionErrors(rule: Rule, given: Options): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const option = rule.options?.[name];
    if (!option) return [];
    if (option.enum && !option.enum.includes(String(value)))
      return [`Rule "${rule.id}", option "${name}": must be one of ${option.enum.join(", ")}.`];
    return isOfType(option.type, value) ? [] : [`Rule "${rule.id}", option "${name}": must be of type ${option.type}.`];
  });
}

function isOfType(type: OptionSchema["type"], value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** A question after the known name that is nearest to a wrong one, if any is near. */
function suggestion(wrong: string, known: readonly string[]): string {
  const nearest = nearestName(wrong, known);
  return nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
}
