import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { parse } from "yaml";
import type { Release } from "../../components/model/release.ts";
import { type Fault, setFaults } from "../../sandbox/index.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";
import { inOrder, takesLong } from "../skip.ts";
import { ReadyEndpoints } from "./ready-endpoints.ts";

const stack = "release";
const namespace = "ai-assistant-staging";
const name = "ai-assistant";
const present = { ownership: "present" };
const settings = {
  "keelson:system": "ai-assistant-production",
  "keelson:environment": "staging",
  "keelson:cluster": { context: "sandbox" },
  "keelson:addons": { certManager: present, clusterIssuers: present, ingressNginx: present, monitoring: false },
  "keelson:services": { [name]: { timeoutSeconds: 20, blueGreen: { retentionSeconds: 4 } } },
};

/** Lines at which the command is killed: in each step, and between it and the next. */
const killPoints = [/^Bringing up/, /^ {2}done/, /^Moving the traffic/, /is kept until/, /^Removing/] as const;

describe("npm run release", function () {
  this.timeout(300_000);
  inOrder(this);
  let own: OwnSandbox;
  /** The version that has the traffic, in the order that versions are released. */
  let version = 1;

  before(async () => {
    own = await OwnSandbox.started();
    const file = join(own.sandbox.paths.project, `Pulumi.${stack}.yaml`);
    await writeFile(file, JSON.stringify({ config: settings }));
    await own.command("pulumi", "stack", "init", stack, "--no-select", "--non-interactive");
  });
  after(() => own.remove());

  const release = (...words: string[]) => own.sandbox.run("node", ["commands/release.ts", "--stack", stack, ...words]);
  const to = (tag: string) => ["--tag", tag, "--yes"];
  const kubectl = (...words: string[]) => own.command("kubectl", "--namespace", namespace, ...words);
  const traffic = () => kubectl("get", "service", "ai-assistant-service", "-o", "jsonpath={.spec.selector.color}");
  const deployments = async () =>
    (await kubectl("get", "deployments", "-o", "jsonpath={range .items[*]}{.metadata.name} {end}")).trim().split(" ");
  const setFault = (...faults: Fault[]) => setFaults(() => faults, { home: own.home });
  const standing = async () => {
    const text = await readFile(join(own.sandbox.paths.project, `Pulumi.${stack}.yaml`), "utf8");
    return parse(text).config["keelson:releases"]?.[name] as Release | undefined;
  };
  /** The image, the autoscaler and the pods of the colour with the traffic. */
  const serving = async () => {
    const color = await traffic();
    const object = (kind: string, one: string, path: string) => kubectl("get", kind, one, "-o", `jsonpath=${path}`);
    return {
      color,
      image: await object("deployment", `${name}-${color}`, "{.spec.template.spec.containers[0].image}"),
      ready: Number(await object("deployment", `${name}-${color}`, "{.status.readyReplicas}")),
      scaled: await object("hpa", `${name}-hpa`, "{.spec.scaleTargetRef.name}"),
    };
  };
  const serves = async (tag: string) => {
    const { color, image, ready, scaled } = await serving();
    assert.equal(image, `your-registry/ai-assistant:${tag}`);
    assert.ok(ready >= 2, `${ready} pods of ${color} are ready`);
    assert.equal(scaled, `${name}-${color}`);
  };

  it("refuses a stack that was never deployed", async () => {
    const { exitCode, stderr } = await release(...to("v1.1.0"));
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^release: the cluster has no Service of ai-assistant with a colour yet; deploy the stack first/,
    );
    assert.equal(await standing(), undefined);
  });

  it("moves the traffic with ready pods behind the Service at every moment, as many as before", async () => {
    await own.up(stack);
    assert.deepEqual(await deployments(), ["ai-assistant-blue"]);
    await kubectl("scale", "deployment/ai-assistant-blue", "--replicas", "4");
    await kubectl("rollout", "status", "deployment/ai-assistant-blue");
    const endpoints = await ReadyEndpoints.of(own.sandbox.paths.kubeconfig, namespace, "ai-assistant-service");
    await endpoints.reach(4);
    const { exitCode, stdout, stderr } = await release(...to("v1.1.0"));
    endpoints.stop();
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /Bringing up v1\.1\.0 in green with 4 pods[\s\S]*Moving[\s\S]*Removing blue \(v1\.0\.0\)/);
    assert.ok(endpoints.fewest >= 4, `ready endpoints were ${endpoints.seen.join(", ")}`);
    await serves("v1.1.0");
    assert.deepEqual(await deployments(), ["ai-assistant-green"]);
    assert.deepEqual(await standing(), { active: "green", green: { tag: "v1.1.0" } });
    assert.equal(await kubectl("get", "jobs", "-o", "name"), "");
    await own.engine("preview", "--stack", stack, "--expect-no-changes");
  });

  it("leaves the traffic where it is when the check fails, and says why and what to type", async () => {
    await setFault({ name: "failed-job", namespace, labels: {} });
    const { exitCode, stderr } = await release(...to("v1.2.0"));
    assert.equal(exitCode, 1);
    assert.match(stderr, /^release: blue did not come up or did not pass its check; green has the traffic/);
    assert.match(stderr, /ai-assistant-smoke: exit status 1: simulated fault/);
    assert.match(stderr, /Try again: {2}npm run release -- --stack release --service ai-assistant --tag v1\.2\.0/);
    assert.match(stderr, /Give it up: npm run release -- --stack release --service ai-assistant --abort/);
    await serves("v1.1.0");
    assert.deepEqual(await deployments(), ["ai-assistant-blue", "ai-assistant-green"]);
    await setFault();
  });

  it("goes on when the same is typed again, and a plain update then changes nothing", async () => {
    const { exitCode, stdout, stderr } = await release(...to("v1.2.0"), "--no-wait");
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    await serves("v1.2.0");
    assert.deepEqual(await deployments(), ["ai-assistant-blue", "ai-assistant-green"]);
    await own.engine("preview", "--stack", stack, "--expect-no-changes");
    await own.engine("refresh", "--stack", stack, "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("gives the traffic back by one command that starts no pod", async () => {
    const pods = await kubectl("get", "pods", "-o", "name");
    const endpoints = await ReadyEndpoints.of(own.sandbox.paths.kubeconfig, namespace, "ai-assistant-service");
    const { exitCode, stdout, stderr } = await release("--rollback");
    endpoints.stop();
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    await serves("v1.1.0");
    assert.equal(await kubectl("get", "pods", "-o", "name"), pods);
    assert.ok(endpoints.fewest >= 4, `ready endpoints were ${endpoints.seen.join(", ")}`);
    const aborted = await release("--abort");
    assert.equal(aborted.exitCode, 0, aborted.stderr);
    assert.deepEqual(await deployments(), ["ai-assistant-green"]);
  });

  it("leaves the traffic where it is when the image cannot be pulled", async function () {
    takesLong(this);
    await setFault({ name: "image-pull-error", namespace, labels: { color: "blue" } });
    const { exitCode, stderr } = await release(...to("v1.3.0"));
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^release: blue did not come up[^\n]*; green has the traffic\n {2}ai-assistant: ImagePullBackOff/,
    );
    await serves("v1.1.0");
    await setFault();
  });

  it("gives the traffic back by itself when the new colour loses its pods", async function () {
    takesLong(this);
    await own.set(stack, `keelson:services.${name}.blueGreen.retentionSeconds`, "120");
    const ended = release(...to("v1.4.0"));
    while ((await traffic()) !== "blue") await new Promise((later) => setTimeout(later, 500));
    await setFault({ name: "never-ready", namespace, labels: { color: "blue" } });
    const { exitCode, stderr } = await ended;
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^release: blue lost all its pods after it had got the traffic, which was given back to green/,
    );
    await serves("v1.1.0");
    await setFault();
    await own.set(stack, `keelson:services.${name}.blueGreen.retentionSeconds`, "4");
  });

  for (const [index, point] of killPoints.entries()) {
    // After the old colour has begun to go there is nothing to go back to.
    for (const then of index < killPoints.length - 1 ? (["goes on", "goes back"] as const) : (["goes on"] as const)) {
      it(`killed at ${point}: ${then}`, async function () {
        if (!(index === 1 && then === "goes on")) takesLong(this);
        const before = await serving();
        version += 1;
        const tag = `v2.${version}.0`;
        await killedRelease(tag, point);
        assert.ok((await serving()).ready >= 2, "the traffic has ready pods");
        const words = then === "goes on" ? to(tag) : ["--rollback"];
        const ended = await unlocked(words);
        assert.equal(ended.exitCode, 0, `${ended.stdout}\n${ended.stderr}`);
        if (then === "goes on") {
          await serves(tag);
          assert.equal((await deployments()).length, 1);
        } else {
          await serves(before.image.split(":")[1] ?? "");
        }
        await own.engine("preview", "--stack", stack, "--expect-no-changes");
      });
    }
  }

  /** Kills the command and its engine (SIGKILL) as soon as it says a line. */
  async function killedRelease(tag: string, line: RegExp): Promise<void> {
    const { paths, env } = own.sandbox;
    const command = execa("node", ["commands/release.ts", "--stack", stack, ...to(tag)], {
      cwd: paths.project,
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      detached: true,
      buffer: false,
    });
    let seen = false;
    for await (const text of createInterface({ input: command.stdout })) {
      if (seen || !line.test(text)) continue;
      seen = true;
      // Into the step, not before it.
      await new Promise((later) => setTimeout(later, 1500));
      process.kill(-(command.pid ?? 0), "SIGKILL");
    }
    await command;
    assert.ok(seen, `it said ${line}`);
  }

  /** What the command came to; where it says that the stack is locked, after `recover` as it says. */
  async function unlocked(words: string[]): Promise<Awaited<ReturnType<typeof release>>> {
    const first = await release(...words);
    if (first.exitCode === 0) return first;
    assert.match(first.stderr, /npm run recover -- --stack release/, first.stderr);
    const { exitCode, stdout, stderr } = await own.sandbox.run("node", ["commands/recover.ts", "--stack", stack]);
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    return release(...words);
  }
});
