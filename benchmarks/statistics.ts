/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error("there is no median of nothing");
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The median of the ratios of measurements that were made in pairs, one after the other. */
export function pairedRatio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, index) => value / (base[index] ?? Number.NaN)));
}

/** Seconds as "3.1 s (2.9–3.4)": the median, the least and the most; without the latter for a single one. */
export function seconds(values: readonly number[]): string {
  const text = `${median(values).toFixed(1)} s`;
  if (values.length < 2) return text;
  return `${text} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`;
}

/** A ratio as "0.42 ×". */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
