import assert from "node:assert/strict";
import type { Finding } from "../../commands/doctor/verdict.ts";
import type { CommandResult } from "../../sandbox/index.ts";
import { setFaults } from "../../sandbox/index.ts";
import { live } from "../life/cluster.ts";
import { changed } from "../life/engine-events.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";
import { inOrder, takesLong } from "../skip.ts";

describe("the operations of stack dev, with backups", function () {
  this.timeout(600_000);
  inOrder(this);
  const stack = "dev";
  const namespace = "codelab-dev";
  let own: OwnSandbox;
  const command = (name: string, ...words: string[]): Promise<CommandResult> =>
    own.sandbox.run("node", [`commands/${name}.ts`, "--stack", stack, ...words]);
  const kubectl = (...words: string[]) => own.command("kubectl", "--namespace", namespace, ...words);

  /** The user that applications log in as. */
  async function login(): Promise<string> {
    const name = await kubectl("get", "secret", "postgres-secret", "-o", "jsonpath={.data.username}");
    return Buffer.from(name, "base64").toString();
  }

  async function doctor(...words: string[]): Promise<{ status: number | undefined; findings: Finding[] }> {
    const { exitCode, stdout, stderr } = await command("doctor", "--json", ...words);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack trace");
    return { status: exitCode, findings: JSON.parse(stdout) as Finding[] };
  }
  const failed = (findings: Finding[]) =>
    findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);

  before(async function () {
    takesLong(this);
    own = await OwnSandbox.started();
    await own.set(stack, "keelson:data.postgres.backup.schedule", "0 1 * * *");
  });
  after(() => own?.remove());

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
    assert.match(
      stdout,
      /kubectl rollout restart deployments,statefulsets --namespace codelab-dev .*name in \(.*gateway/,
    );
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

  it("a rotation whose Job fails changes neither Secret nor services", async () => {
    const labels = { "app.kubernetes.io/name": "postgres-rotation" };
    await setFaults(() => [{ name: "failed-job", namespace, labels }], { home: own.home });
    await own.set(stack, "keelson:data.postgres.rotation", "1");
    const { exitCode, output, events } = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview"]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /Job codelab-dev\/postgres-rotation-[0-9a-f]{12} did not succeed/);
    assert.deepEqual(
      changed(events).filter((urn) => /connection$|deployment$/.test(urn)),
      [],
    );
    assert.equal(await login(), "codelab");
    await setFaults(() => [], { home: own.home });
  });

  it("the next update makes the new login first, then tells the services, then takes the old one away", async () => {
    const { events } = await own.up(stack);
    const done = events.flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [resOutputsEvent.metadata] : []));
    const order = [
      /::codelab-postgres-rotation-[0-9a-f]{12}$/,
      /::codelab-postgres-connection$/,
      /::codelab-gateway-deployment$/,
      /::codelab-postgres-retire-[0-9a-f]{12}$/,
    ].map((pattern) => done.findIndex(({ op, urn }) => op !== "same" && pattern.test(urn)));
    assert.ok(!order.includes(-1), `all were changed: ${order}`);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      changed(events).filter((urn) => urn.includes("StatefulSet")),
      [],
      "the server is not restarted",
    );
    assert.equal(await login(), "codelab_r1");
    await own.previewWithoutChange(stack);
  });

  it("an earlier version comes back, and a data store's volume grows around its running pods", async () => {
    const gateway = "keelson:services.gateway.image.tag";
    const image = ["get", "deployment", "gateway", "-o", "jsonpath={.spec.template.spec.containers[0].image}"];
    const server = ["get", "pod", "redis-master-0", "-o", "jsonpath={.metadata.uid}"];
    const claim = "redis-data-redis-master-0";
    const pod = await kubectl(...server);
    await own.set(stack, gateway, "1.0.1");
    await own.up(stack);
    await kubectl("rollout", "undo", "deployment/gateway");
    assert.match(await kubectl(...image), /:1\.0\.0$/);
    // As docs/roll-back.md has it.
    await own.set(stack, gateway, "1.0.0");
    await own.set(stack, "keelson:data.redis.storage.size", "2Gi");
    await own.engine("up", "--stack", stack, "--yes", "--skip-preview", "--target", "**-namespace-quota");
    await kubectl("patch", "pvc", claim, "--patch", '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}');
    await kubectl("delete", "statefulset", "redis-master", "--cascade=orphan");
    await own.engine("refresh", "--stack", stack, "--yes", "--skip-preview");
    await own.up(stack);
    assert.match(await kubectl(...image), /:1\.0\.0$/);
    assert.equal(await kubectl(...server), pod, "the pod goes on running");
    assert.equal(await kubectl("get", "pvc", claim, "-o", "jsonpath={.status.capacity.storage}"), "2Gi");
    await own.previewWithoutChange(stack);
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
