import type { Rule } from "./rule.ts";

/**
 * What is wrong with a pack's configuration that neither the engine nor the SDK looks at: both accept a misspelled
 * rule or option in silence. Values are checked by the engine, against the schema of each rule's options.
 * @param configured the options given for each name in the configuration
 * @returns one line for each mistake
 */
export function configurationErrors(
  rules: readonly Rule[],
  configured: Iterable<readonly [name: string, options: readonly string[]]>,
): string[] {
  return [...configured].flatMap(([name, options]) => {
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
