import assert from "node:assert/strict";
import type { Finding } from "../../commands/doctor/verdict.ts";
import type { CommandResult } from "../../sandbox/index.ts";
import { setFaults } from "../../sandbox/index.ts";
import { live } from "../life/cluster.ts";
import { changed } from "../life/engine-events.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";

describe("the operations of stack dev, with backups", function () {
  this.timeout(400_000);
  this.bail(true);
  const stack = "dev";
  const namespace = "codelab-dev";
  let own: OwnSandbox;
  const command = (name: string, ...words: string[]): Promise<CommandResult> =>
    own.sandbox.run("node", [`commands/${name}.ts`, "--stack", stack, ...words]);
  const kubectl = (...words: string[]) => own.command("kubectl", "--namespace", namespace, ...words);

  async function doctor(...words: string[]): Promise<{ status: number | undefined; findings: Finding[] }> {
    const { exitCode, stdout, stderr } = await command("doctor", "--json", ...words);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack trace");
    return { status: exitCode, findings: JSON.parse(stdout) as Finding[] };
  }
  const failed = (findings: Finding[]) =>
    findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);

  before(async () => {
    own = await OwnSandbox.started();
    await own.set(stack, "keelson:data.postgres.backup.schedule", "0 1 * * *");
  });
  after(() => own.remove());

  it("the doctor finds nothing that stands against the first update", async () => {
    const { findings, status } = await doctor("--before");
    assert.deepEqual(failed(findings), []);
    assert.notEqual(status, 2);
    assert.match(findings.find(({ check }) => check === "namespace")?.message ?? "", /codelab-dev is free/);
  });

  it("the doctor finds a deployed stack in order", async () => {
    await own.up(stack);
    const { findings } = await doctor("--after");
    assert.deepEqual(failed(findings), []);
    assert.match(findings.find(({ check }) => check === "state")?.message ?? "", /nothing is pending/);
  });

  it("a dump is made on demand by a Job that is like the scheduled one", async () => {
    const { exitCode, stdout, stderr } = await command("backup");
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^postgres: codelab-\d{8}T\d{6}Z\.dump on claim codelab-dev\/postgres-backup$/m);
    const [job] = (await live(own, "jobs")).filter(({ metadata }) =>
      metadata.name.startsWith("postgres-backup-manual-"),
    );
    assert.ok(job);
  });

  it("a restore asks first, and runs as the superuser that a Secret knows", async () => {
    const refused = await command("restore", "--store", "postgres", "--from", "latest");
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /^restore: everything written to postgres .* add --yes to agree$/m);
    assert.deepEqual(
      (await live(own, "jobs")).filter(({ metadata }) => metadata.name.includes("restore")),
      [],
    );
    const { exitCode, stderr, stdout } = await command("restore", "--store", "postgres", "--from", "latest", "--yes");
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /kubectl rollout restart deployment --namespace codelab-dev .*gateway/);
    const [job] = (await live(own, "jobs")).filter(({ metadata }) => metadata.name.includes("restore"));
    assert.match(
      JSON.stringify(job?.spec),
      /"PGPASSWORD","valueFrom":\{"secretKeyRef":\{"key":"postgres-password","name":"postgres-auth"/,
    );
    const wrong = await command("restore", "--store", "redis", "--from", "latest", "--yes");
    assert.match(wrong.stderr, /has no data store "redis" with backups; one of: postgres/);
  });

  it("a Job that fails is told of, with its reason", async () => {
    const fault = { name: "failed-job", namespace, labels: {} } as const;
    await setFaults(() => [fault], { home: own.home });
    const { exitCode, stderr } = await command("backup");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^postgres: failed: /m);
    await setFaults(() => [], { home: own.home });
  });

  it("a rotation makes the new login first, then tells the services, then takes the old one away", async () => {
    await own.set(stack, "keelson:data.postgres.rotation", "1");
    const { events } = await own.up(stack);
    const done = events.flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [resOutputsEvent.metadata] : []));
    const at = (pattern: RegExp) => {
      const index = done.findIndex(({ op, urn }) => op !== "same" && pattern.test(urn));
      assert.ok(index >= 0, `${pattern} was changed`);
      return index;
    };
    const order = [
      /::codelab-postgres-rotation-[0-9a-f]{12}$/,
      /::codelab-postgres-connection$/,
      /::codelab-gateway-deployment$/,
      /::codelab-postgres-retire-[0-9a-f]{12}$/,
    ].map(at);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      changed(events).filter((urn) => urn.includes("StatefulSet")),
      [],
      "the server is not restarted",
    );
    const secret = await kubectl("get", "secret", "postgres-secret", "-o", "jsonpath={.data.username}");
    assert.equal(Buffer.from(secret, "base64").toString(), "codelab_r1");
    await own.previewWithoutChange(stack);
  });

  it("a rotation whose Job fails changes neither Secret nor services, and the next update goes on", async () => {
    await setFaults(
      () => [{ name: "failed-job", namespace, labels: { "app.kubernetes.io/name": "postgres-rotation" } }],
      { home: own.home },
    );
    await own.set(stack, "keelson:data.postgres.rotation", "2");
    const { exitCode, output, events } = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview"]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /Job codelab-dev\/postgres-rotation-[0-9a-f]{12} did not succeed/);
    assert.deepEqual(
      changed(events).filter((urn) => /connection$|deployment$/.test(urn)),
      [],
    );
    assert.equal(
      Buffer.from(
        await kubectl("get", "secret", "postgres-secret", "-o", "jsonpath={.data.username}"),
        "base64",
      ).toString(),
      "codelab_r1",
    );
    await setFaults(() => [], { home: own.home });
    await own.up(stack);
    assert.equal(
      Buffer.from(
        await kubectl("get", "secret", "postgres-secret", "-o", "jsonpath={.data.username}"),
        "base64",
      ).toString(),
      "codelab_r2",
    );
    await own.previewWithoutChange(stack);
  });

  it("an earlier version comes back with its stack file, or after kubectl's own undo", async () => {
    const image = () =>
      kubectl("get", "deployment", "gateway", "-o", "jsonpath={.spec.template.spec.containers[0].image}");
    await own.set(stack, "keelson:services.gateway.image.tag", "1.0.1");
    await own.up(stack);
    await kubectl("rollout", "undo", "deployment/gateway");
    assert.match(await image(), /:1\.0\.0$/);
    const { events } = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview", "--refresh"]);
    assert.ok(changed(events).some((urn) => urn.endsWith("::codelab-gateway-deployment")));
    assert.match(await image(), /:1\.0\.1$/, "the stack file wins, until it says otherwise");
    await own.set(stack, "keelson:services.gateway.image.tag", "1.0.0");
    await own.up(stack);
    assert.match(await image(), /:1\.0\.0$/);
  });

  it("the doctor sees what is broken, and says what to do", async () => {
    await kubectl("delete", "deployment", "llm-proxy");
    await setFaults(() => [{ name: "never-ready", namespace, labels: { "app.kubernetes.io/name": "gateway" } }], {
      home: own.home,
    });
    await kubectl(
      "wait",
      "--for=condition=Ready=false",
      "pod",
      "--selector",
      "app.kubernetes.io/name=gateway",
      "--timeout=60s",
    );
    await kubectl("wait", "--for=delete", "pod", "--selector", "app.kubernetes.io/name=llm-proxy", "--timeout=60s");
    const { status, findings } = await doctor("--after");
    assert.equal(status, 2);
    for (const check of ["rollouts", "pods", "endpoints"]) assert.ok(failed(findings).includes(check), check);
    assert.ok(findings.some(({ message }) => message === "llm-proxy does not exist"));
    for (const one of findings.filter(({ verdict }) => verdict === "failed" || verdict === "warning"))
      assert.ok(one.todo, one.message);
  });
});
