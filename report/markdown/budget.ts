import { sizeOf } from "./inert.ts";

/** A part of a document, of which some may be left out. */
export interface Part {
  /** Lower ones get their room first. Parts without one are always there. */
  readonly priority?: number;
  readonly head: string;
  /** Each is complete in itself: what it opens, it closes. */
  readonly items: readonly string[];
  readonly foot?: string;
  /** What stands between items; default an empty line. */
  readonly join?: string;
  /** What is said where the last of the items are left out. */
  readonly without?: (items: number) => string;
}

const between = "\n\n";
const gap = sizeOf(between);

/**
 * Joins parts into a document of at most so many bytes. What has a priority gets as many of its items as fit, in the order of
 * the priorities; where some are left out it is said how many. What has none is there in full, whatever the budget.
 */
export function fitted(parts: readonly Part[], budget: number): string {
  const shown = parts.map((part) => (part.priority === undefined ? part.items.length : 0));
  const texts = () => parts.map((part, index) => textOf(part, shown[index] ?? 0)).filter(Boolean);
  let left = budget - texts().reduce((sum, text) => sum + sizeOf(text) + gap, 0);
  const order = [...parts.keys()]
    .filter((index) => parts[index]?.priority !== undefined)
    .sort((a, b) => (parts[a]?.priority ?? 0) - (parts[b]?.priority ?? 0) || a - b);
  for (const index of order) {
    const part = parts[index];
    if (!part) continue;
    const least = sizeOf(textOf(part, 0)) + gap;
    const cost = (items: number) => sizeOf(textOf(part, items)) + gap - least;
    // Each item adds to the size, but for the last, after which nothing is left out.
    const all = part.items.length;
    let most = cost(all) <= left ? all : 0;
    if (most === 0) while (most + 1 < all && cost(most + 1) <= left) most += 1;
    left -= cost(most);
    shown[index] = most;
  }
  return `${texts().join(between)}\n`;
}

function textOf({ head, items, foot, join = between, without }: Part, count: number): string {
  if (items.length === 0) return head;
  const more = items.length - count;
  const note = more > 0 ? [without?.(more) ?? `_${more} more are not shown here._`] : [];
  return [head, items.slice(0, count).join(join), ...note, foot].filter(Boolean).join(between);
}
