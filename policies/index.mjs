import module from "node:module";

// JavaScript, because Pulumi's pack runner sends a `.ts` main through ts-node with a type check; what is imported from
// here is TypeScript that Node runs itself. Imported late, so that a Node that cannot do that ends in one clear line.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`The policy pack needs Node 22.18 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
// The rules are many small files: from the second start on, Node need not compile them again.
module.enableCompileCache?.();
import("./pack.ts");
