import assert from "node:assert/strict";
import { type Fault, setFaults } from "../../sandbox/index.ts";
import { inOrder } from "../skip.ts";
import { live, secretValues } from "./cluster.ts";
import { modelOf } from "./lives.ts";
import { type EngineRun, OwnSandbox } from "./own-sandbox.ts";

/** What goes wrong in an update ends in one message, loses nothing, and the next update mends it. */
describe("an update that goes wrong", function () {
  this.timeout(300_000);
  inOrder(this);
  const stack = "the-bot-dev";
  const { model } = modelOf(stack);
  const { namespace } = model;
  let own: OwnSandbox;
  let secrets: Record<string, string>;

  before(async () => {
    own = await OwnSandbox.started();
    for (const addon of ["certManager", "clusterIssuers", "ingressNginx"])
      await own.set(stack, `keelson:addons.${addon}.ownership`, "present");
    // How long a rollout that cannot succeed is waited for.
    await own.set(stack, "keelson:services.thebot-backend.timeoutSeconds", "25");
    await own.up(stack);
    secrets = await secretValues(own);
  });
  after(() => own.remove());
  afterEach(async () => {
    await setFaults(() => [], { home: own.home });
    assert.deepEqual(await secretValues(own), secrets, "no password was lost");
  });

  it("because of a broken image: says which pod and why, and the old pods go on", async () => {
    await fault("image-pull-error", "thebot-backend");
    await own.set(stack, "keelson:services.thebot-backend.image.tag", "broken");
    const { output } = await failedUp();
    assert.match(output, /thebot-backend[\s\S]*ImagePullBackOff/);
    assert.match(output, /ghcr\.io\/the-bot\/backend:broken/);
    assert.deepEqual(await ready("thebot-backend"), ["ghcr.io/the-bot/backend:1.0.0"]);
    await setFaults(() => [], { home: own.home });
    await own.set(stack, "keelson:services.thebot-backend.image.tag", "1.0.1");
    await own.up(stack);
    assert.deepEqual(await ready("thebot-backend"), ["ghcr.io/the-bot/backend:1.0.1"]);
  });

  it("because of a failing migration: says which Job, how to see why, and what was not rolled out", async () => {
    await fault("failed-job", "migrate");
    await own.set(stack, "keelson:services.thebot-backend.image.tag", "1.0.2");
    const { output } = await failedUp();
    const [name = ""] = /migrate-[0-9a-f]{12}/.exec(output) ?? [];
    const [, diagnostics = ""] = output.split("\nDiagnostics:\n");
    assert.equal(diagnostics.match(/Job \S+ did not succeed/g)?.length, 1, output);
    assert.match(diagnostics, /BackoffLimitExceeded/);
    assert.ok(output.includes(`kubectl logs --namespace ${namespace} job/${name}`), output);
    assert.match(output, /Not rolled out, because they wait for it: thebot-backend, thebot-celery, thebot-celery-beat/);
    assert.deepEqual(await ready("thebot-backend"), ["ghcr.io/the-bot/backend:1.0.1"]);
    const again = await failedUp();
    assert.ok(again.output.includes(name), "the same job is tried again, and fails again");
    await setFaults(() => [], { home: own.home });
    await own.up(stack);
    assert.deepEqual(await ready("thebot-backend"), ["ghcr.io/the-bot/backend:1.0.2"]);
    const jobs = (await live(own, "jobs")).filter(({ metadata }) => metadata.name.startsWith("migrate-"));
    assert.deepEqual(
      jobs.map(({ metadata }) => metadata.name),
      [name],
    );
    await own.previewWithoutChange(stack);
  });

  it("does not run a job again for what does not concern it", async () => {
    const before = await jobs();
    await own.set(stack, "keelson:configs.thebot-config.LOG_LEVEL", "warning");
    await own.set(stack, "keelson:services.thebot-backend.replicas", "2");
    await own.up(stack);
    assert.deepEqual(await jobs(), before);
  });

  it("because of a reference that leads nowhere: says so before anything is changed", async () => {
    await own.set(stack, "keelson:rotation.thebot-secret", "1");
    await own.set(stack, "keelson:jobs.migrat.backoffLimit", "2");
    const { output } = await failedUp();
    assert.match(output, /2 problems in the settings, nothing was changed/);
    assert.match(
      output,
      /keelson:rotation\.thebot-secret: there is no secret "thebot-secret"; did you mean "thebot-secrets"/,
    );
    assert.match(output, /keelson:jobs\.migrat: THE_BOT has no job "migrat"; did you mean "migrate"/);
    for (const key of ["rotation", "jobs"])
      await own.command("pulumi", "config", "rm", "--stack", stack, `keelson:${key}`);
    await own.previewWithoutChange(stack);
  });

  it("because of a missing secret: names it and the command that sets it", async () => {
    // Only the sandbox has placeholders for what others issue; without its marker the stack is one like any other.
    const { exitCode, output } = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview"], {
      KEELSON_SANDBOX: "",
    });
    assert.notEqual(exitCode, 0);
    assert.match(output, /1 problem in the settings, nothing was changed/);
    assert.match(
      output,
      /keelson:secrets\.email-host-password: is missing.*pulumi config set --stack the-bot-dev --secret/,
    );
    await own.previewWithoutChange(stack);
  });

  function fault(name: Fault["name"], service: string): Promise<Fault[]> {
    const labels = { "app.kubernetes.io/name": service };
    return setFaults((faults) => [...faults, { name, namespace, labels }], { home: own.home });
  }

  /** An update that has to fail, with no stack trace. */
  async function failedUp(): Promise<EngineRun> {
    const run = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview"]);
    assert.notEqual(run.exitCode, 0, run.output);
    assert.doesNotMatch(run.output, /^\s+at .*\.(ts|js):\d+/m, "a stack trace");
    return run;
  }

  /** Images of a service's ready pods. */
  async function ready(service: string): Promise<string[]> {
    const pods = (await live(own, "pods", "--selector", `app.kubernetes.io/name=${service}`)) as unknown as Pod[];
    return pods
      .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))
      .map(({ spec }) => spec.containers[0]?.image ?? "");
  }

  /** Jobs with the time at which they were made. */
  async function jobs(): Promise<string[]> {
    return (await live(own, "jobs")).map(({ metadata }) => `${metadata.name} ${JSON.stringify(metadata)}`).sort();
  }
});

interface Pod {
  status: { conditions?: { type: string; status: string }[] };
  spec: { containers: { image: string }[] };
}
