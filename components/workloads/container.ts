import type * as k8s from "@pulumi/kubernetes";
import { imageReference } from "../model/image.ts";
import type { Probe } from "../model/probe.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { drainSeconds } from "../model/service.ts";
import { fileMounts, volumeMounts } from "./volumes.ts";
import type { PodModel, ResolvedEnvFrom, ResolvedEnvValue, Workload } from "./workload.ts";

/** The one container of a workload: what it runs, and how its health is asked. */
export function container(workload: Workload): k8s.types.input.core.v1.Container {
  const { ports, probes } = workload;
  return {
    ...bareContainer(workload),
    ...(ports.length
      ? { ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })) }
      : {}),
    readinessProbe: probe(probes.readiness, workload),
    livenessProbe: probe(probes.liveness, workload),
    ...(probes.startup ? { startupProbe: probe(probes.startup, workload) } : {}),
    ...(ports.length ? { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } } : {}),
  };
}

/** A container that is not asked for its health, at Pod Security level restricted. */
export function bareContainer(pod: PodModel): k8s.types.input.core.v1.Container {
  const { image, imagePullPolicy, command, args, security } = pod;
  return {
    name: pod.containerName ?? pod.name,
    image: imageReference(image),
    imagePullPolicy,
    ...(command ? { command } : {}),
    ...(args ? { args } : {}),
    ...envSources(pod.envFrom),
    ...envList(pod.env),
    resources: resourceRequirements(pod.resources),
    ...mounts(pod),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: security.readOnlyRootFilesystem,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function probe(model: Probe, { ports }: Workload): k8s.types.input.core.v1.Probe {
  // The number, as `kubectl describe` and events then say which port did not answer.
  const numberOf = (port: string | number) => ports.find(({ name }) => name === port)?.port ?? port;
  if ("http" in model) {
    const { http, port, host, ...timing } = model;
    const header = host ? { httpHeaders: [{ name: "Host", value: host }] } : {};
    return { httpGet: { path: http, port: numberOf(port), ...header }, ...timing };
  }
  if ("tcp" in model) {
    const { tcp, ...timing } = model;
    return { tcpSocket: { port: numberOf(tcp) }, ...timing };
  }
  const { exec, ...timing } = model;
  return { exec: { command: exec }, ...timing };
}

function envSources(envFrom: ResolvedEnvFrom[]): Pick<k8s.types.input.core.v1.Container, "envFrom"> {
  if (!envFrom.length) return {};
  return {
    envFrom: envFrom.map((source) =>
      "config" in source ? { configMapRef: { name: source.config } } : { secretRef: { name: source.secret } },
    ),
  };
}

function envList(env: Record<string, ResolvedEnvValue>): Pick<k8s.types.input.core.v1.Container, "env"> {
  const entries = Object.entries(env);
  if (!entries.length) return {};
  return {
    env: entries.map(([name, value]) =>
      typeof value === "object" && "secret" in value
        ? { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
        : { name, value },
    ),
  };
}

function mounts(pod: PodModel): Pick<k8s.types.input.core.v1.Container, "volumeMounts"> {
  const list = [...volumeMounts(pod), ...fileMounts(pod)];
  return list.length ? { volumeMounts: list } : {};
}
