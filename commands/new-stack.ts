import { writeFile } from "node:fs/promises";
import { environments } from "../components/model/system.ts";
import { systems } from "../systems/index.ts";
import { Arguments } from "./arguments.ts";
import { runCommand } from "./run-command.ts";

const help = `npm run new-stack -- --system SYSTEM --environment ENVIRONMENT [--name NAME]

Writes the stack file Pulumi.<NAME>.yaml.

  --system        one of: ${Object.keys(systems).join(", ")}
  --environment   one of: ${environments.join(", ")}
  --name          name of the stack; default: <SYSTEM>-<ENVIRONMENT>
  --help          this text`;

const args = new Arguments("new-stack", help, {
  system: { type: "string" },
  environment: { type: "string" },
  name: { type: "string" },
});
const system = args.required("system", Object.keys(systems));
const environment = args.required("environment", environments);
const name = args.text("name") ?? `${system}-${environment}`;
// Pulumi's own rule, but for the first character: "." and "-" begin what is no name to a file system or a command.
if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
  args.fail(`"${name}" is no stack name: letters, digits, ".", "-" and "_", at most 100, a letter or digit first`);
const file = `Pulumi.${name}.yaml`;

// Quoted, so that a name such as 123, true or 2026-01-01 stays a text.
const cluster =
  environment === "dev"
    ? ""
    : `  keelson:cluster:\n    # A context of your kubeconfig (kubectl config get-contexts); never the one that happens to be current.\n    context: "${name}"\n`;

await runCommand(async () => {
  try {
    // Never over what is there, a link that leads to nothing included.
    await writeFile(
      file,
      `# yaml-language-server: $schema=./settings/stack.schema.json\nconfig:\n  keelson:system: ${system}\n  keelson:environment: ${environment}\n${cluster}`,
      { flag: "wx" },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    args.fail(`${file} exists; take another --name, or edit it`);
  }
  console.log(`Wrote ${file}.

Next:
  pulumi stack init ${name} --no-select
  pulumi preview --stack ${name} --policy-pack policies

or, with no cluster at hand: npm start -- --stack ${name}`);
  return 0;
});
