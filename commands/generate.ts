import { readFileSync, writeFileSync } from "node:fs";
import { withCurrentRules } from "../policies/rules-table.ts";
import { reportJsonSchema } from "../report/model.ts";
import { stackFileSchema } from "../settings/stack-file.ts";
import { systems } from "../systems/index.ts";
import { pictures } from "../topology/pictures.ts";
import { Arguments } from "./arguments.ts";

const help = `npm run generate

Writes what is made from code and kept in the repository; a test says when it is out of date.`;

new Arguments("generate", help, {});

writeFileSync("settings/stack.schema.json", `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
writeFileSync("report/report.schema.json", `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
writeFileSync("policies/README.md", withCurrentRules(readFileSync("policies/README.md", "utf8")));
for (const [path, content] of Object.entries(await pictures(systems))) writeFileSync(path, content);
