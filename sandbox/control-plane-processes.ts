import { join } from "node:path";
import { stageFile } from "./faults.ts";
import type { SandboxPaths } from "./paths.ts";
import type { ProcessSpec } from "./processes.ts";

/** Names of the processes in the order of their start. */
export const controlPlaneProcesses = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** Files of the control plane in `<home>/cluster`. */
export function clusterFiles(paths: SandboxPaths) {
  const file = (name: string) => join(paths.cluster, name);
  return {
    data: file("etcd"),
    // The system limits a socket's path to about 100 bytes, so its name is short.
    socket: file("e"),
    peerSocket: file("p"),
    certificates: file("certificates"),
    certificate: file("certificates/apiserver.crt"),
    certificateKey: file("certificates/apiserver.key"),
    serviceAccountKey: file("service-account.key"),
    tokens: file("tokens.csv"),
    token: file("token"),
    port: file("port"),
  };
}

/** How each process of the control plane is started, by its name. */
export function processes(paths: SandboxPaths, tools: Map<string, string>, port: number): Record<string, ProcessSpec> {
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
      `--root-ca-file=${files.certificate}`,
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
