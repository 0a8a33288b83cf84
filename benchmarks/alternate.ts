/** One side of a comparison: does its work and says how many seconds that took. */
export type Side = () => Promise<number>;

/** Seconds of each run, by side. */
export type Measurements<Name extends string> = Record<Name, number[]>;

/**
 * Measures sides in turn (A B C A B C …), so that what else the machine does falls on all of them alike. Each runs once before
 * as a warm-up that does not count.
 */
export async function alternate<Name extends string>(
  sides: Record<Name, Side>,
  { runs, progress, warmUp = true }: { runs: number; progress: (line: string) => void; warmUp?: boolean },
): Promise<Measurements<Name>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Measurements<Name>;
  for (let run = warmUp ? 0 : 1; run <= runs; run += 1) {
    for (const name of names) {
      const taken = await sides[name]();
      if (run > 0) measured[name].push(taken);
      progress(`  ${name}: ${taken.toFixed(1)} s${run === 0 ? " (warm-up)" : ""}`);
    }
  }
  return measured;
}
