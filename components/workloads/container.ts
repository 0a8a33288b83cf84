import type * as k8s from "@pulumi/kubernetes";
import type { EnvFrom } from "../model/env.ts";
import { imageReference } from "../model/image.ts";
import type { Probe } from "../model/probe.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { fileMounts, volumeMounts } from "./volumes.ts";
import type { ResolvedEnvValue, Workload } from "./workload.ts";

/** Seconds between a pod's removal from its Services and SIGTERM, so that no request reaches a stopping process. */
const drainSeconds = 5;

/** The one container of a workload, at Pod Security level restricted. */
export function container(workload: Workload): k8s.types.input.core.v1.Container {
  const { image, imagePullPolicy, command, args, ports, probes, security } = workload;
  return {
    name: workload.containerName ?? workload.name,
    image: imageReference(image),
    imagePullPolicy,
    ...(command ? { command } : {}),
    ...(args ? { args } : {}),
    ...(ports.length
      ? { ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })) }
      : {}),
    ...envSources(workload.envFrom),
    ...envList(workload.env),
    resources: resourceRequirements(workload.resources),
    readinessProbe: probe(probes.readiness),
    livenessProbe: probe(probes.liveness),
    ...(probes.startup ? { startupProbe: probe(probes.startup) } : {}),
    ...(ports.length ? { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } } : {}),
    ...mounts(workload),
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
    const { http, port, ...timing } = model;
    return { httpGet: { path: http, port }, ...timing };
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

function mounts(workload: Workload): Pick<k8s.types.input.core.v1.Container, "volumeMounts"> {
  const list = [...volumeMounts(workload), ...fileMounts(workload)];
  return list.length ? { volumeMounts: list } : {};
}
