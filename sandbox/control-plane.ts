import { generateKeyPairSync, randomBytes } from "node:crypto";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { isValid } from "./certificate.ts";
import { clusterFiles, controlPlaneProcesses, processes } from "./control-plane-processes.ts";
import { neutralEnvironment } from "./environment.ts";
import { writeIfChanged } from "./files.ts";
import type { SandboxPaths } from "./paths.ts";
import { logTail, runningPid, startProcess, stopProcess } from "./processes.ts";
import { SandboxError } from "./progress.ts";

/*
 * The control plane is started here and not by `kwokctl create cluster`: kwokctl hands out ports by what its own home folder knows,
 * lets every component listen, and etcd without authentication. Here the API server's is the only port; etcd is
 * reached by a Unix socket in the sandbox home, the controllers and KWOK do not listen at all.
 */

/** Name of context, cluster and user in the kubeconfig. */
export const contextName = "keelson-sandbox";

/** The processes that go by the kubeconfig, in the order of their start. */
const clients = ["kube-controller-manager", "kube-scheduler", "kwok"] as const;

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
  const authority = await readFile(clusterFiles(paths).certificate);
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

/** What a process's log ends with, for a message about it. */
async function lastWords(paths: SandboxPaths, name: string): Promise<string> {
  const file = join(paths.logs, `${name}.log`);
  const tail = await logTail(paths.logs, name);
  return tail === ""
    ? `${file} is empty; if its tool is damaged: npm run sandbox -- clean --tools`
    : `the last lines of ${file}:\n${tail}`;
}

/**
 * Waits until a part answers.
 * @param missing what is missing yet, in the words of who was asked; undefined when it is ready
 */
async function waitFor(
  what: string,
  paths: SandboxPaths,
  processName: string,
  missing: () => Promise<string | undefined>,
  seconds = 60,
) {
  const deadline = performance.now() + seconds * 1000;
  for (let said = await missing(); said !== undefined; said = await missing()) {
    const ended = (await runningPid(paths.logs, processName)) === undefined;
    if (ended || performance.now() > deadline) {
      const fate = ended ? "ended" : `is not ready after ${seconds} s`;
      const answer = ended || said === "" ? "" : ` (${said})`;
      throw new SandboxError(`${what} ${fate}${answer}; ${await lastWords(paths, processName)}`);
    }
    await sleep(100);
  }
}

/** @throws SandboxError with the last log lines of a process of the control plane that has ended. */
export async function requireRunning(paths: SandboxPaths): Promise<void> {
  for (const name of controlPlaneProcesses) {
    if ((await runningPid(paths.logs, name)) !== undefined) continue;
    throw new SandboxError(`${name} ended soon after its start; ${await lastWords(paths, name)}`);
  }
}

/** Runs the sandbox's kubectl against its API server; never rejects. */
export function kubectl(paths: SandboxPaths, args: readonly string[], input?: string) {
  return execa(join(paths.bin, "kubectl"), ["--kubeconfig", paths.kubeconfig, ...args], {
    env: neutralEnvironment(),
    extendEnv: false,
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    reject: false,
  });
}

/** What keeps the API server from being ready, in kubectl's words; undefined when it is. */
async function unreadiness(paths: SandboxPaths): Promise<string | undefined> {
  const { stdout, stderr, shortMessage } = await kubectl(paths, ["get", "--raw", "/readyz", "--request-timeout=5s"]);
  return stdout === "ok" ? undefined : (stderr || shortMessage || stdout).trim();
}

/** Whether the API server answers that it is ready. */
export async function isReady(paths: SandboxPaths): Promise<boolean> {
  return (await exists(paths.kubeconfig)) && (await unreadiness(paths)) === undefined;
}

/**
 * Removes a certificate of the API server that is damaged or near its end (it makes itself one for a year), so that it makes another.
 * Whoever runs with the old one is ended, since the others trust no other; one that is still valid stays while it is in use.
 */
async function renewCertificate(paths: SandboxPaths): Promise<void> {
  const { certificate, certificateKey } = clusterFiles(paths);
  const inUse = (await runningPid(paths.logs, "kube-apiserver")) !== undefined;
  if (await isValid(certificate, certificateKey, inUse ? 0 : 30)) return;
  for (const name of [...clients].reverse()) await stopProcess(paths.logs, name);
  await stopProcess(paths.logs, "kube-apiserver");
  await rm(certificate, { force: true });
  await rm(certificateKey, { force: true });
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
  await renewCertificate(paths);
  const apiServerRuns = (await runningPid(paths.logs, "kube-apiserver")) !== undefined;
  // They read the server's port once, and after a loss they ask ever more seldom.
  if (!apiServerRuns) for (const name of [...clients].reverse()) await stopProcess(paths.logs, name);
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
  await waitFor("etcd", paths, "etcd", async () => ((await exists(files.socket)) ? undefined : ""));
  await start("kube-apiserver");
  await waitFor("the API server", paths, "kube-apiserver", async () =>
    (await exists(files.certificate)) ? undefined : "",
  );
  await waitFor("the API server", paths, "kube-apiserver", async () => {
    // At a first start, the certificate may still be in the making.
    await writeKubeconfig(paths, server, token);
    return unreadiness(paths);
  });
  for (const name of clients) await start(name);
  return server;
}

/** Process id of each process of the control plane, by its name; undefined for one that does not run. */
export async function controlPlanePids(paths: SandboxPaths): Promise<Record<string, number | undefined>> {
  const pids = controlPlaneProcesses.map(async (name) => [name, await runningPid(paths.logs, name)] as const);
  return Object.fromEntries(await Promise.all(pids));
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
