import { environments } from "../components/model/system.ts";
import { SettingsError } from "../settings/read.ts";
import { systems } from "../systems/index.ts";
import { drawing } from "../topology/drawing.ts";
import { mermaid } from "../topology/mermaid.ts";
import { modelOf } from "../topology/model.ts";
import { svg } from "../topology/svg.ts";
import { Arguments } from "./arguments.ts";

const help = `npm run --silent graph -- --system SYSTEM --environment ENVIRONMENT [--mermaid]

Draws the system: services, data stores, add-ons, routes, and who may talk to whom, from the relations that make the network
policies. Prints an SVG document. Needs no cluster.

  --system        one of: ${Object.keys(systems).join(", ")}
  --environment   one of: ${environments.join(", ")}
  --mermaid       a Mermaid flowchart instead of SVG
  --help          this text`;

const args = new Arguments("graph", help, {
  system: { type: "string" },
  environment: { type: "string" },
  mermaid: { type: "boolean" },
});
try {
  const picture = drawing(
    modelOf(systems, args.required("system", Object.keys(systems)), args.required("environment", environments)),
  );
  process.stdout.write(args.flag("mermaid") ? mermaid(picture) : await svg(picture));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`graph: ${error.message}`);
  process.exit(1);
}
