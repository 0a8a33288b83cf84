/** Receives one line for a person to read. */
export type Log = (line: string) => void;

/** Seconds since a moment of `performance.now()`, for people: `0.4 s`, `12 s`, `3 min 5 s`. */
export function elapsed(since: number, now: number = performance.now()): string {
  const seconds = (now - since) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Runs `work`, and says every half minute that it is still going on. */
export async function withHeartbeat<T>(log: Log, what: string, work: () => Promise<T>, everySeconds = 30): Promise<T> {
  const started = performance.now();
  const timer = setInterval(() => log(`${what}: still at it after ${elapsed(started)}`), everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** A failure that its reader can act on: shown as one message, without a stack trace. */
export class SandboxError extends Error {
  override name = "SandboxError";
}
