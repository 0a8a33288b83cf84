import { createInterface } from "node:readline/promises";
import { authSecretName } from "../components/model/data-store.ts";
import { restoreScript } from "../components/operations/postgresql-scripts.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { resolvedSettings } from "./release-settings.ts";
import { orMessage } from "./store-command.ts";
import { dumpedStores, StoreJobs, timeStamp } from "./store-jobs.ts";

const help = `npm run restore -- --stack STACK --store STORE --from FILE|latest [--yes]

Puts a database back to what a dump says. The dump is restored into a database of its own first, and only when that succeeded
the two change names: until then applications go on, and a dump that cannot be restored changes nothing. Then every connection
is ended once. What was written after the dump stays in the database <database>_before_<time>.

  --stack   name of the stack
  --store   name of the data store
  --from    a file that \`npm run backup -- --list\` names, or latest
  --yes     do not ask
  --help    this text

${backendHelp}`;

const args = new Arguments("restore", help, {
  stack: { type: "string" },
  store: { type: "string" },
  from: { type: "string" },
  yes: { type: "boolean" },
  backend: backendOption,
});
const stack = args.required("stack");
const from = args.required("from");
const wanted = args.required("store");

await orMessage("restore", async () => {
  const place = await findPlace(args);
  const settings = await resolvedSettings(place, stack);
  const { platform } = settings;
  const [store = wanted] = dumpedStores(platform, wanted);
  const model = platform.data[store];
  if (model?.engine !== "postgresql") return 1;
  const readers = Object.entries(platform.services).flatMap(([name, { uses }]) => (uses.includes(store) ? [name] : []));
  if (!args.flag("yes")) await confirm(store, readers);
  const time = timeStamp();
  const run = await new StoreJobs(settings, (line) => console.error(line)).run(store, time, {
    purpose: "restore",
    script: restoreScript,
    env: {
      FROM: from,
      RESTORE_TIME: time.toLowerCase().replace("z", ""),
      // Objects get the owners back that they had, which only the superuser may give.
      PGUSER: "postgres",
      PGPASSWORD: { secret: authSecretName(store), key: "postgres-password" },
    },
    keepSeconds: 86_400,
  });
  if (run.log) console.log(run.log.trimEnd());
  if (!run.succeeded) {
    console.error(`restore: Job ${run.name} failed: ${run.reason}; ${model.database} is as it was`);
    return 1;
  }
  console.log(
    `Restored ${store} in ${place.name}. Services that keep what they read, or read from replicas, should be restarted now:`,
  );
  // By labels: a service that is released blue-green has a Deployment for each colour.
  console.log(
    `  kubectl rollout restart deployments,statefulsets --namespace ${platform.namespace} ` +
      `--selector 'app.kubernetes.io/instance=${platform.name},app.kubernetes.io/name in (${readers.join(", ")})'`,
  );
  return 0;
});

async function confirm(store: string, readers: string[]): Promise<void> {
  const what = `everything written to ${store} of stack ${stack} since ${from === "latest" ? "its newest dump" : from} leaves the database, and the connections of ${readers.join(", ") || "all clients"} are ended`;
  if (!process.stdin.isTTY) throw new Error(`${what}; add --yes to agree`);
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asked.question(`Restore: ${what}. Type ${store} to go on: `);
  asked.close();
  if (answer.trim() !== store) throw new Error("nothing was changed");
}
