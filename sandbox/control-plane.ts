import { generateKeyPairSync, randomBytes } from "node:crypto";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { neutralEnvironment } from "./environment.ts";
import { stageFile } from "./faults.ts";
import { writeIfChanged } from "./files.ts";
import type { SandboxPaths } from "./paths.ts";
import { logTail, type ProcessSpec, runningPid, startProcess, stopProcess } from "./processes.ts";
import { SandboxError } from "./progress.ts";

/*
 * The control plane is started here and not by `kwokctl create cluster`: kwokctl hands out ports by what its own home folder knows,
 * lets every component listen, and etcd without authentication. Here the API server's is the only port; etcd is
 * reached by a Unix socket in the sandbox home, the controllers and KWOK do not listen at all.
 */

/** Names of the processes in the order of their start. */
export const controlPlaneProcesses = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** Name of context, cluster and user in the kubeconfig. */
export const contextName = "keelson-sandbox";

/** A port of the loopback interface on which nobody listens now: the preferred one, if it is still free. */
async function freePort(preferred: number): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
    });
  return attempt(preferred).catch(() => attempt(0));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Files of the control plane in `<home>/cluster`. */
function clusterFiles(paths: SandboxPaths) {
  const file = (name: string) => join(paths.cluster, name);
  return {
    data: file("etcd"),
    // The system limits a socket's path (home.ts), so its name is short.
    socket: file("e"),
    peerSocket: file("p"),
    certificates: file("certificates"),
    serviceAccountKey: file("service-account.key"),
    tokens: file("tokens.csv"),
    token: file("token"),
    port: file("port"),
  };
}

async function writeIdentity(paths: SandboxPaths): Promise<string> {
  const files = clusterFiles(paths);
  if (!(await exists(files.token))) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writeFile(files.serviceAccountKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const token = randomBytes(24).toString("hex");
    await writeFile(files.tokens, `${token},sandbox,sandbox,system:masters\n`, { mode: 0o600 });
    await writeFile(files.token, token, { mode: 0o600 });
  }
  return readFile(files.token, "utf8");
}

async function writeKubeconfig(paths: SandboxPaths, server: string, token: string): Promise<void> {
  const authority = await readFile(join(clusterFiles(paths).certificates, "apiserver.crt"));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": contextName,
    clusters: [{ name: contextName, cluster: { server, "certificate-authority-data": authority.toString("base64") } }],
    users: [{ name: contextName, user: { token } }],
    contexts: [{ name: contextName, context: { cluster: contextName, user: contextName } }],
  };
  await writeIfChanged(paths.kubeconfig, stringify(config), 0o600);
}

function processes(paths: SandboxPaths, tools: Map<string, string>, port: number): Record<string, ProcessSpec> {
  const files = clusterFiles(paths);
  const etcdUrl = `unix://${files.socket}`;
  // etcd insists on advertising a host and port. Nobody follows it: a single member has no peers, and nobody listens there.
  const advertised = "http://127.0.0.1:1";
  const all: Record<(typeof controlPlaneProcesses)[number], readonly string[]> = {
    etcd: [
      `--data-dir=${files.data}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${advertised}`,
      `--listen-peer-urls=unix://${files.peerSocket}`,
      `--initial-advertise-peer-urls=${advertised}`,
      `--initial-cluster=default=${advertised}`,
      // Data outlives the end of a process; only a crash of the whole machine may cost the sandbox's last writes.
      "--unsafe-no-fsync",
      "--auto-compaction-retention=1h",
    ],
    "kube-apiserver": [
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      // Nobody follows the advertised address; it only may not be a loopback one.
      "--advertise-address=198.18.0.1",
      "--endpoint-reconciler-type=none",
      `--cert-dir=${files.certificates}`,
      `--etcd-servers=${etcdUrl}`,
      `--token-auth-file=${files.tokens}`,
      "--authorization-mode=Node,RBAC",
      "--anonymous-auth=false",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${files.serviceAccountKey}`,
      `--service-account-signing-key-file=${files.serviceAccountKey}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      // Webhooks are served by pods, and simulated pods answer nothing.
      "--disable-admission-plugins=ValidatingAdmissionWebhook,MutatingAdmissionWebhook",
      "--enable-priority-and-fairness=false",
    ],
    "kube-controller-manager": [
      `--kubeconfig=${paths.kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--use-service-account-credentials",
      `--service-account-private-key-file=${files.serviceAccountKey}`,
      `--root-ca-file=${join(files.certificates, "apiserver.crt")}`,
      "--allocate-node-cidrs=false",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
      // A sandbox that was stopped for a night has old heartbeats; its nodes are not lost.
      "--node-monitor-grace-period=10m",
    ],
    "kube-scheduler": [
      `--kubeconfig=${paths.kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
    kwok: [
      `--kubeconfig=${paths.kubeconfig}`,
      `--config=${stageFile(paths)}`,
      "--manage-all-nodes",
      "--cidr=10.244.0.0/16",
    ],
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, args]) => [name, { name, command: tools.get(name) ?? name, arguments: args }]),
  );
}

async function waitFor(
  what: string,
  paths: SandboxPaths,
  processName: string,
  ready: () => Promise<boolean>,
  seconds = 60,
) {
  const deadline = performance.now() + seconds * 1000;
  while (!(await ready())) {
    const ended = (await runningPid(paths.logs, processName)) === undefined;
    if (ended || performance.now() > deadline) {
      const tail = await logTail(paths.logs, processName);
      const fate = ended ? "ended" : `is not ready after ${seconds} s`;
      throw new SandboxError(`${what} ${fate}; the last lines of ${join(paths.logs, `${processName}.log`)}:\n${tail}`);
    }
    await sleep(100);
  }
}

/** Runs the sandbox's kubectl against its API server; never rejects. */
export function kubectl(paths: SandboxPaths, args: readonly string[]) {
  return execa(join(paths.bin, "kubectl"), ["--kubeconfig", paths.kubeconfig, ...args], {
    env: neutralEnvironment(),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
}

/** Whether the API server answers that it is ready. */
export async function isReady(paths: SandboxPaths): Promise<boolean> {
  if (!(await exists(paths.kubeconfig))) return false;
  const { stdout } = await kubectl(paths, ["get", "--raw", "/readyz", "--request-timeout=5s"]);
  return stdout === "ok";
}

/**
 * Starts what of the control plane does not run yet.
 * @returns the API server's URL.
 * @throws SandboxError with the last log lines of a process that does not come up.
 */
export async function startControlPlane(paths: SandboxPaths, tools: Map<string, string>): Promise<string> {
  const files = clusterFiles(paths);
  await mkdir(files.certificates, { recursive: true });
  await mkdir(paths.logs, { recursive: true });
  const token = await writeIdentity(paths);
  const apiServerRuns = (await runningPid(paths.logs, "kube-apiserver")) !== undefined;
  const previous = Number(await readFile(files.port, "utf8").catch(() => "0"));
  const port = apiServerRuns ? previous : await freePort(previous);
  await writeFile(files.port, String(port));
  const specs = processes(paths, tools, port);
  const server = `https://127.0.0.1:${port}`;
  const start = async (name: string) => {
    const spec = specs[name];
    if (spec !== undefined && (await runningPid(paths.logs, name)) === undefined) await startProcess(spec, paths.logs);
  };
  if ((await runningPid(paths.logs, "etcd")) === undefined) {
    await rm(files.socket, { force: true });
    await rm(files.peerSocket, { force: true });
  }
  await start("etcd");
  await waitFor("etcd", paths, "etcd", () => exists(files.socket));
  await start("kube-apiserver");
  await waitFor("the API server", paths, "kube-apiserver", () => exists(join(files.certificates, "apiserver.crt")));
  await waitFor("the API server", paths, "kube-apiserver", async () => {
    // At a first start, the certificate may still be in the making.
    await writeKubeconfig(paths, server, token);
    return isReady(paths);
  });
  for (const name of ["kube-controller-manager", "kube-scheduler", "kwok"]) await start(name);
  return server;
}

/** Starts KWOK again, so that it plays the stages as they are now. */
export async function restartKwok(paths: SandboxPaths, tools: Map<string, string>): Promise<void> {
  await stopProcess(paths.logs, "kwok");
  const spec = processes(paths, tools, 0).kwok;
  if (spec !== undefined) await startProcess(spec, paths.logs);
}

/** Ends every process of the control plane, in the reverse order of their start. */
export async function stopControlPlane(paths: SandboxPaths): Promise<void> {
  for (const name of [...controlPlaneProcesses].reverse()) await stopProcess(paths.logs, name);
}
