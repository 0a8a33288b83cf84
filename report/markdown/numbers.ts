import type { Capacity } from "../model.ts";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes for people: `1.5 GiB`. */
export function bytes(amount: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, amount)) / 10)));
  return `${rounded(amount / 1024 ** power)} ${units[power]}`;
}

/** At most two digits after the point, none that say nothing. */
export function rounded(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}

/** What a stack requests now, and how that changes: `3.2 (+0.5)`. */
export function capacityCells(before: Capacity, after: Capacity): string[] {
  const cell = (from: number, to: number, format: (amount: number) => string) => {
    const difference = to - from;
    if (difference === 0) return format(to);
    return `${format(to)} (${difference > 0 ? "+" : "−"}${format(Math.abs(difference))})`;
  };
  return [
    cell(before.cpu, after.cpu, rounded),
    cell(before.memory, after.memory, bytes),
    cell(before.storage, after.storage, bytes),
    cell(before.replicas, after.replicas, String),
  ];
}

/** One of something, or many: `1 alarm`, `3 alarms`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** `1 min 5 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
