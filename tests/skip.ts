/** Skips a test, or from a `before` hook its whole suite, and says why beside each title. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.test as Mocha.Hook | Mocha.Test;
  const note = (test: Mocha.Test) => {
    test.title += ` (skipped: ${reason})`;
  };
  if (runnable.type === "test") note(runnable);
  else runnable.parent?.eachTest(note);
  return context.skip();
}
