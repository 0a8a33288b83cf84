// Preloaded (`node --import ./commands/check-node.mjs …`) before anything in TypeScript is read, so this is plain JavaScript
// that an old Node understands too. It ends a Node that cannot run TypeScript in one line instead of a stack trace.
import module from "node:module";
import process from "node:process";

if (!process.features.typescript) {
  console.error(
    "Keelson needs Node.js 22.18 or newer, this is " +
      process.version +
      ": install a current one (https://nodejs.org), then npm ci",
  );
  // To Pulumi's language host, 32 means that the program has already told the user what is wrong.
  process.exit(32);
}

// Keeps compiled modules between runs: a quarter less start-up time.
module.enableCompileCache();
