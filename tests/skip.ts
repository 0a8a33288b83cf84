/** Whether what takes long is tested too: `npm test -- --all`. */
export const everything = process.env.KEELSON_TESTS === "all";

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

/** Skips what takes minutes and is much like what is tested each time, unless everything is. */
export function takesLong(context: Mocha.Context): void {
  if (!everything) skip(context, "npm test -- --all runs it");
}

/** Lets each test of a suite build on those before it: after one has failed, the others are skipped, and other suites go on. */
export function inOrder(suite: Mocha.Suite): void {
  let failed = false;
  suite.afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
  suite.beforeEach(function () {
    if (failed) this.skip();
  });
}
