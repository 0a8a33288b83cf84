import { writeFileSync } from "node:fs";
import { stackFileSchema } from "../settings/stack-file.ts";

/** Writes what is made from code and kept in the repository; a test says when it is out of date. */
writeFileSync("settings/stack.schema.json", `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
