import { createInterface } from "node:readline/promises";
import { RunError } from "@pulumi/pulumi";
import { oneOf, problemsOf } from "../components/model/problems.ts";
import { coloredSchema } from "../components/model/release.ts";
import { SandboxError } from "../sandbox/index.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { ReleaseDriver, ReleaseError } from "./release-driver.ts";
import type { Version, Wish } from "./release-plan.ts";
import { resolvedSettings } from "./release-settings.ts";
import { versionText } from "./release-words.ts";

const help = `npm run release -- --stack STACK [--service NAME] --tag TAG [--digest DIGEST] [--yes] [--no-wait]
npm run release -- --stack STACK [--service NAME] --status | --rollback | --finish [--force] | --abort

Releases a version of a service beside the one that has the traffic: brings the idle colour up, checks it through its own
Service, moves the traffic, keeps the old colour for a while and removes it. Where it stands is in the stack's settings
(keelson:releases), so it may be stopped anywhere: the same command again goes on, --rollback goes back.

  --stack     name of the stack
  --service   the service; may be left out where only one is released blue-green
  --tag       the image's tag; --digest sha256:… instead of it or with it
  --yes       do not ask
  --no-wait   end after the traffic has moved; --finish removes the old colour later
  --status    say where the release stands
  --rollback  give the traffic back to the colour that had it
  --finish    remove the colour that had the traffic, after its time; with --force, before
  --abort     remove the colour without traffic
  --help      this text

${backendHelp}`;

const args = new Arguments("release", help, {
  stack: { type: "string" },
  service: { type: "string" },
  tag: { type: "string" },
  digest: { type: "string" },
  yes: { type: "boolean" },
  "no-wait": { type: "boolean" },
  status: { type: "boolean" },
  rollback: { type: "boolean" },
  finish: { type: "boolean" },
  force: { type: "boolean" },
  abort: { type: "boolean" },
  backend: backendOption,
});

try {
  await main(args.required("stack"));
} catch (error) {
  // Wrong settings are a RunError.
  if (![ReleaseError, RunError, SandboxError].some((kind) => error instanceof kind)) throw error;
  console.error(`release: ${(error as Error).message}`);
  process.exit(1);
}

async function main(stack: string): Promise<void> {
  const wish = wanted();
  const place = await findPlace(args);
  const resolved = await resolvedSettings(place, stack);
  const { delivery } = resolved.platform;
  if (delivery)
    throw new ReleaseError(`stack ${stack} only hands its system over (keelson:gitops): change the version in git`);
  const able = Object.entries(resolved.platform.services).filter(([, { blueGreen }]) => blueGreen);
  const names = able.map(([name]) => name);
  const [only] = names;
  const service = args.text("service") ?? (names.length === 1 ? only : undefined);
  if (!only) throw new ReleaseError(`system ${resolved.platform.name} has no service with blueGreen`);
  if (!service) return args.fail(`--service is missing: ${oneOf("", names)}`);
  if (!names.includes(service))
    throw new ReleaseError(`there is no service "${service}" with blueGreen; ${oneOf(service, names)}`);
  const driver = new ReleaseDriver(place, stack, service, resolved);
  if (wish === "status") return driver.status();
  if (wish.do === "release") {
    const now = versionText(driver.version);
    await confirm(`Release ${versionText(wish.version)} of ${service} in stack ${stack} (${place.name}); now ${now}`);
  }
  await driver.run(wish, { wait: !args.flag("no-wait") });
}

/** What was asked for; exactly one thing. */
function wanted(): Wish | "status" {
  const asked = (["status", "rollback", "finish", "abort"] as const).filter((name) => args.flag(name));
  const tag = args.text("tag");
  const digest = args.text("digest");
  const version: Version = { ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
  const [first, second] = [...asked, ...(tag || digest ? (["release"] as const) : [])];
  if (!first || second) return args.fail("say one of --tag, --status, --rollback, --finish and --abort");
  if (first === "status") return first;
  if (first === "release") {
    const problems = problemsOf(coloredSchema, version);
    if (problems.length) return args.fail(problems.map(({ path, fix }) => `--${path.join(".")} ${fix}`).join("; "));
    return { do: first, version };
  }
  return first === "finish" ? { do: first, force: args.flag("force") } : { do: first };
}

async function confirm(question: string): Promise<void> {
  console.log(question);
  if (args.flag("yes")) return;
  if (!process.stdin.isTTY) args.fail("there is nobody to ask; say --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Go on? (yes/no) ");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new ReleaseError("nothing was changed");
}
