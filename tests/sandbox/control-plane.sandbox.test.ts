import assert from "node:assert/strict";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  cleanSandbox,
  type Fault,
  type Sandbox,
  sandboxStatus,
  setFaults,
  startSandbox,
  stopSandbox,
} from "../../sandbox/index.ts";
import { skip } from "../skip.ts";
import { isLoopback, listenersOf } from "./listeners.ts";

/** Listens on a port of the loopback interface as soon as whoever had it has let it go. */
async function listenSoon(port: number): Promise<Server> {
  for (;;) {
    const server = createServer().listen(port, "127.0.0.1");
    const error = await once(server, "listening").then(
      () => undefined,
      (reason: NodeJS.ErrnoException) => reason,
    );
    if (error === undefined) return server;
    if (error.code !== "EADDRINUSE") throw error;
    await sleep(20);
  }
}

/** The parts of Kubernetes objects that these tests look at. */
interface Item {
  metadata: { name: string };
  spec: { volumeName?: string };
  status: {
    phase?: string;
    capacity?: { storage?: string };
    loadBalancer?: { ingress?: { ip: string }[] };
    readyReplicas?: number;
    conditions?: { type: string; status: string; lastProbeTime?: string }[];
    containerStatuses?: { state: { waiting?: { reason: string } } }[];
  };
}

describe("the sandbox's control plane", function () {
  this.timeout(180_000);
  const workloads = resolve("tests/sandbox/workloads.yaml");
  let root: string;
  let checkout: string;
  let home: string;
  let sandbox: Sandbox;
  const broken = "config:\n  harbour:a: 1\n  harbour:a: 2\n";

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-sandbox-")));
    checkout = join(root, "checkout");
    home = join(root, "a");
    await mkdir(checkout);
    await writeFile(join(checkout, "Pulumi.yaml"), "name: harbour\nruntime: nodejs\n");
    await writeFile(join(checkout, "Pulumi.dev.yaml"), "config:\n  harbour:replicas: 3\n");
    await writeFile(join(checkout, "Pulumi.broken.yaml"), broken);
    sandbox = await startSandbox({ checkout, home });
  });
  after(async () => {
    await cleanSandbox({ checkout, home });
    await rm(root, { recursive: true, force: true });
  });

  const kubectl = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await sandbox.run("kubectl", args);
    assert.equal(exitCode, 0, stderr);
    return stdout;
  };
  const list = async (kind: string, ...args: string[]): Promise<Item[]> =>
    (JSON.parse(await kubectl("get", kind, "-n", "harbour", "-o", "json", ...args)) as { items: Item[] }).items;
  /** Waits up to 30 s until the objects are as expected. */
  const until = async (kind: string, selector: string, expected: (items: Item[]) => boolean) => {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const items = await list(kind, ...(selector ? ["-l", selector] : []));
      if (expected(items)) return items;
      assert.ok(
        performance.now() < deadline,
        `${kind} ${selector}: ${JSON.stringify(
          items.map(({ status }) => status),
          null,
          1,
        )}`,
      );
      await sleep(250);
    }
  };
  const bound = (count: number) => (claims: Item[]) =>
    claims.length === count && claims.every(({ status }) => status.phase === "Bound");
  const ready = ({ status }: Item) =>
    status.conditions?.some(({ type, status: word }) => type === "Ready" && word === "True");
  const waitingFor = (reason: string) => (pods: Item[]) =>
    pods.length > 0 && pods.every(({ status }) => status.containerStatuses?.[0]?.state.waiting?.reason === reason);
  const fault = (name: Fault["name"], app: string) =>
    setFaults((faults) => [...faults, { name, namespace: "harbour", labels: { app } }], { checkout, home });

  it("has every stack, also one whose file cannot be read: only that one fails", async () => {
    assert.deepEqual(sandbox.stacks, ["broken", "dev"]);
    assert.deepEqual([...sandbox.unreadable], [["broken", "Pulumi.broken.yaml is no YAML (DUPLICATE_KEY, line 3)"]]);
    const config = (stack: string) => sandbox.run("pulumi", ["config", "--stack", stack, "--non-interactive"]);
    assert.match((await config("dev")).stdout, /replicas +3/);
    const { exitCode, stderr } = await config("broken");
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /line 3: mapping key "harbour:a" already defined/);
    assert.equal(await readFile(join(sandbox.paths.project, "Pulumi.broken.yaml"), "utf8"), broken);
  });

  it("is the pinned version with three ready nodes and the storage classes that systems name", async () => {
    assert.match(await kubectl("version"), /Server Version: v1\.36\.1/);
    const nodes = (JSON.parse(await kubectl("get", "nodes", "-o", "json")) as { items: Item[] }).items;
    assert.equal(nodes.filter(ready).length, 3);
    const classes = await kubectl("get", "storageclasses", "--no-headers");
    assert.match(classes, /^fast-ssd .*\nstandard \(default\) /);
  });

  it("listens on loopback only, at one port in all", async function () {
    if (process.platform !== "linux") skip(this, "it reads /proc");
    const { processes } = await sandboxStatus({ checkout, home });
    assert.equal(Object.keys(processes).length, 5);
    const listeners: string[] = [];
    for (const [name, pid] of Object.entries(processes)) {
      assert.ok(pid, `${name} runs`);
      listeners.push(...(await listenersOf(pid)));
    }
    assert.equal(listeners.length, 1);
    assert.ok(listeners.every(isLoopback), listeners.join());
  });

  it("keeps keys and tokens from other users", async () => {
    for (const file of [sandbox.paths.kubeconfig, sandbox.paths.cluster])
      assert.equal((await stat(file)).mode & 0o077, 0, file);
  });

  it("has the engine, with each stack of the checkout, whose files stay as they are", async () => {
    const { stdout } = await sandbox.run("pulumi", ["stack", "ls", "--json"]);
    assert.deepEqual(
      (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name),
      ["broken", "dev"],
    );
    assert.equal((await sandbox.run("pulumi", ["version"])).stdout, "v3.259.0");
    assert.match(
      await readFile(join(sandbox.paths.project, "Pulumi.dev.yaml"), "utf8"),
      /replicas: 3\nencryptionsalt: v1:/,
    );
    assert.doesNotMatch(await readFile(join(checkout, "Pulumi.dev.yaml"), "utf8"), /encryptionsalt/);
  });

  it("is not disturbed by another start: no file is written that a running engine reads", async () => {
    const { paths } = sandbox;
    const plugin = join(paths.pulumiHome, "plugins", "resource-random-v4.21.1", "pulumi-resource-random");
    const files = [
      paths.kubeconfig,
      paths.marker,
      plugin,
      ...["pulumi", "kubectl", "pulumi-language-nodejs"].map((name) => join(paths.bin, name)),
    ];
    const inodes = () => Promise.all(files.map(async (file) => (await lstat(file)).ino));
    const before = await inodes();
    await startSandbox({ checkout, home });
    assert.deepEqual(await inodes(), before);
  });

  it("keeps its charts until others are asked for or they are gone, and says so", async () => {
    const lines: string[] = [];
    const start = async (charts?: string) => {
      if (charts !== undefined) process.env.KEELSON_SANDBOX_CHARTS = charts;
      lines.length = 0;
      const log = (line: string) => void lines.push(line);
      sandbox = await startSandbox({ checkout, home, log }).finally(() => {
        delete process.env.KEELSON_SANDBOX_CHARTS;
      });
      const told = lines.find((line) => line.startsWith("Charts: "));
      return [sandbox.marker.charts, told];
    };
    const small = join(checkout, "sandbox", "charts");
    const real = join(root, "real");
    const gone = (now: string, then: string) =>
      `Charts: those in ${now}, no longer those in ${then}: the next update changes what was deployed with them`;
    assert.deepEqual(await start(), [small, undefined]);
    await mkdir(real);
    assert.deepEqual(await start(real), [real, gone(real, small)]);
    assert.deepEqual(await start(), [real, `Charts: those in ${real}`]);
    await rm(real, { recursive: true });
    assert.deepEqual(await start(), [small, gone(small, real)]);
  });

  it("gives load balancers and ingresses addresses, different ones to different Services", async () => {
    await kubectl("apply", "-f", workloads);
    const services = await until("services", "", (items) =>
      items.every(({ status }) => status.loadBalancer?.ingress?.[0]?.ip),
    );
    const addresses = services.map(({ status }) => status.loadBalancer?.ingress?.[0]?.ip ?? "");
    assert.equal(new Set(addresses).size, 2);
    assert.ok(addresses.every((address) => /^198\.1[89]\./.test(address)));
    await until("ingresses", "", (items) => items.every(({ status }) => status.loadBalancer?.ingress?.[0]?.ip));
  });

  it("runs workloads through the real controllers", async () => {
    await until("deployments", "", ([web]) => web?.status.readyReplicas === 2);
    await until("statefulsets", "", ([store]) => store?.status.readyReplicas === 2);
    await until("jobs", "", ([once]) => once?.status.conditions?.some(({ type }) => type === "Complete") === true);
  });

  it("provides volumes again and again, and grows them", async () => {
    await until("persistentvolumeclaims", "", bound(3));
    await kubectl(
      "patch",
      "-n",
      "harbour",
      "pvc",
      "scratch",
      "-p",
      '{"spec":{"resources":{"requests":{"storage":"5Gi"}}}}',
    );
    await until("persistentvolumeclaims", "", (claims) =>
      claims.some(({ metadata, status }) => metadata.name === "scratch" && status.capacity?.storage === "5Gi"),
    );
    for (let round = 0; round < 3; round += 1) {
      await kubectl("delete", "-n", "harbour", "statefulset/store", "pvc/scratch", "--wait");
      await until("persistentvolumeclaims", "", (claims) => claims.length === 0);
      await kubectl("apply", "-f", workloads);
      await until("persistentvolumeclaims", "", bound(3));
    }
    const volumes = JSON.parse(await kubectl("get", "pv", "-o", "json")) as { items: Item[] };
    assert.equal(volumes.items.length, 3);
  });

  describe("faults", () => {
    afterEach(() => setFaults(() => [], { checkout, home }));

    it("crash: running pods fall into CrashLoopBackOff, others do not, and recover when it is cleared", async () => {
      await fault("crash", "store");
      await until("pods", "app=store", waitingFor("CrashLoopBackOff"));
      assert.ok((await list("pods", "-l", "app=web")).every(ready));
      await setFaults(() => [], { checkout, home });
      await until("pods", "app=store", (pods) => pods.every(ready));
    });

    it("never-ready: pods run and stay unready", async () => {
      await fault("never-ready", "web");
      await until("pods", "app=web", (pods) => pods.every((pod) => pod.status.phase === "Running" && !ready(pod)));
      await kubectl("rollout", "restart", "-n", "harbour", "deployment/web");
      await until(
        "pods",
        "app=web",
        (pods) => pods.length > 2 && pods.every((pod) => pod.status.phase === "Running" && !ready(pod)),
      );
      await setFaults(() => [], { checkout, home });
      await until("pods", "app=web", (pods) => pods.length === 2 && pods.every(ready));
    });

    it("image-pull-error: new pods stay Pending, running ones are left alone", async () => {
      await fault("image-pull-error", "web");
      assert.ok((await list("pods", "-l", "app=web")).every(ready));
      await kubectl("delete", "pods", "-n", "harbour", "-l", "app=web");
      const pods = await until("pods", "app=web", waitingFor("ImagePullBackOff"));
      assert.ok(pods.every(({ status }) => status.phase === "Pending"));
    });

    it("is told again and again, so that who comes late to watch hears of it too", async () => {
      await fault("never-ready", "web");
      const told = ({ status }: Item) => status.conditions?.find(({ type }) => type === "Ready")?.lastProbeTime;
      const [first] = await until("pods", "app=web", (pods) => pods.every((pod) => !ready(pod) && told(pod)));
      await until("pods", "app=web", (pods) =>
        pods.some((pod) => pod.metadata.name === first?.metadata.name && told(pod) !== told(first)),
      );
    });

    it("failed-job: the Job fails", async () => {
      await fault("failed-job", "once");
      await kubectl("delete", "job", "-n", "harbour", "once");
      await kubectl("apply", "-f", workloads);
      await until("jobs", "", ([once]) => once?.status.conditions?.some(({ type }) => type === "Failed") === true);
    });
  });

  describe("life", () => {
    it("lives beside another one, started at the same time", async () => {
      const others = ["b", "c"].map((name) => join(root, name));
      try {
        const [b, c] = await Promise.all(others.map((other) => startSandbox({ checkout, home: other })));
        assert.equal(new Set([sandbox, b, c].map((one) => one?.marker.server)).size, 3);
        const { exitCode } = (await b?.run("kubectl", ["get", "namespace", "harbour"])) ?? {};
        assert.equal(exitCode, 1);
        await stopSandbox({ checkout, home: others[0] ?? "" });
        assert.ok((await sandboxStatus({ checkout, home: others[1] ?? "" })).ready);
        assert.ok((await sandboxStatus({ checkout, home })).ready);
      } finally {
        for (const other of others) await cleanSandbox({ checkout, home: other });
      }
    });

    it("is whole again after processes were killed and someone took the API server's port", async () => {
      const { processes } = await sandboxStatus({ checkout, home });
      for (const name of ["kube-controller-manager", "kube-apiserver"]) process.kill(processes[name] ?? 0, "SIGKILL");
      const { server } = sandbox.marker;
      const other = await listenSoon(Number(new URL(server).port));
      sandbox = await startSandbox({ checkout, home }).finally(() => other.close());
      assert.notEqual(sandbox.marker.server, server);
      await kubectl("rollout", "restart", "-n", "harbour", "deployment/web");
      await kubectl("rollout", "status", "-n", "harbour", "deployment/web", "--timeout=60s");
    });

    it("leaves no process when it is stopped, and continues with what was in it", async () => {
      const { processes } = await sandboxStatus({ checkout, home });
      await stopSandbox({ checkout, home });
      for (const pid of Object.values(processes)) {
        const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
        assert.equal(line, "");
      }
      sandbox = await startSandbox({ checkout, home });
      await until("pods", "app=web", (pods) => pods.length === 2 && pods.every(ready));
      await until("persistentvolumeclaims", "", bound(3));
    });

    it("leaves nothing when it is cleaned", async () => {
      await cleanSandbox({ checkout, home });
      assert.deepEqual((await readdir(root)).sort(), ["checkout"]);
    });
  });
});
