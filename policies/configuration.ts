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

/** The known name that is nearest to a wrong one, if any is near. */
function suggestion(wrong: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return nearest ? ` Did you mean "${nearest.name}"?` : "";
}

/** How many letters must be added, removed or changed to make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
