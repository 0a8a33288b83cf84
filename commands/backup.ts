import { listScript } from "../components/operations/postgresql-scripts.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { resolvedSettings } from "./release-settings.ts";
import { orMessage } from "./store-command.ts";
import { dumpedStores, StoreJobs, timeStamp } from "./store-jobs.ts";

const help = `npm run backup -- --stack STACK [--store STORE] [--list]

Dumps the databases of a stack now, beside the schedule, and says where the dumps are; or lists those there are.

  --stack   name of the stack
  --store   one data store; default: each one with backups
  --list    list the dumps and make none
  --help    this text

${backendHelp}`;

const args = new Arguments("backup", help, {
  stack: { type: "string" },
  store: { type: "string" },
  list: { type: "boolean" },
  backend: backendOption,
});
const stack = args.required("stack");

await orMessage("backup", async () => {
  const place = await findPlace(args);
  const settings = await resolvedSettings(place, stack);
  const jobs = new StoreJobs(settings, (line) => console.error(line));
  const time = timeStamp();
  let failed = 0;
  for (const store of dumpedStores(settings.platform, args.text("store"))) {
    const model = settings.platform.data[store];
    const run = args.flag("list")
      ? await jobs.run(store, time, { purpose: "list", script: listScript, keepSeconds: 300 })
      : await jobs.run(store, time, { purpose: "manual", env: { BACKUP_TIME: time }, keepSeconds: 86_400 });
    if (!run.succeeded) {
      failed += 1;
      console.error(`${store}: failed: ${run.log?.trim() || run.reason}`);
    } else if (args.flag("list")) {
      console.log(
        `${store}: claim ${store}-backup\n${run.log?.trimEnd() ?? `  cannot tell: the log of Job ${run.name} cannot be read`}`,
      );
    } else {
      const file = model?.engine === "postgresql" ? `${model.database}-${time}.dump` : "";
      console.log(`${store}: ${file} on claim ${settings.platform.namespace}/${store}-backup`);
    }
  }
  return failed ? 1 : 0;
});
