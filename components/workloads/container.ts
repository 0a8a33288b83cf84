import type * as k8s from "@pulumi/kubernetes";
import type { EnvFrom } from "../model/env.ts";
import { imageReference } from "../model/image.ts";
import type { Probe } from "../model/probe.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { drainSeconds } from "../model/service.ts";
import { fileMounts, volumeMounts } from "./volumes.ts";
import type { PodModel, ResolvedEnvValue, Workload } from "./workload.ts";

/** The one container of a workload: what it runs, and how its health is asked. */
export function container(workload: Workload): k8s.types.input.core.v1.Container {
  const { ports, probes } = workload;
  return {
    ...bareContainer(workload),
    ...(ports.length
      ? { ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })) }
      : {}),
    readinessProbe: probe(probes.readiness),
    livenessProbe: probe(probes.liveness),
    ...(probes.startup ? { startupProbe: probe(probes.startup) } : {}),
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

function probe(model: Probe): k8s.types.input.core.v1.Probe {
  if ("http" in model) {
    const { http, port, host, ...timing } = model;
    const header = host ? { httpHeaders: [{ name: "Host", value: host }] } : {};
    return { httpGet: { path: http, port, ...header }, ...timing };
  }
  if ("tcp" in model) {
    const { tcp, ...timing } = model;
    return { tcpSocket: { port: tcp }, ...timing };
  }
  const { exec, ...timing } = model;
  return { exec: { command: exec }, ...timing };
}

function envSources(envFrom: EnvFrom[]): Pick<k8s.types.input.core.v1.Container, "envFrom"> {
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
