import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlueGreen, Color } from "../model/blue-green.ts";
import { imageReference } from "../model/image.ts";
import { smokeName, standardLabels } from "../model/names.ts";
import { servicePort } from "../model/service.ts";
import { isKnown } from "../plain.ts";
import { podSecurity, podTemplate } from "./pods.ts";
import { service } from "./satellites.ts";
import type { Workload } from "./workload.ts";

/** A workload that is one colour of a service with blue-green releases. */
export interface ColoredWorkload extends Workload {
  color: Color;
  blueGreen: BlueGreen;
}

/** Whether a workload is one colour of a service. */
export function isColored(workload: Workload): workload is ColoredWorkload {
  return workload.color !== undefined && workload.blueGreen !== undefined;
}

/** Name of the Service that always leads to one colour, whether it has the traffic or not. */
export function colorServiceName(workload: ColoredWorkload): string {
  return `${service(workload).metadata.name}-${workload.color}`;
}

/** The Service that always leads to one colour. It has a name label of its own, so that what watches the main Service passes it over. */
export function colorService(workload: ColoredWorkload): ReturnType<typeof service> {
  const { metadata, spec } = service(workload);
  const name = colorServiceName(workload);
  return { metadata: { ...metadata, name, labels: labels(workload, `${workload.name}-${workload.color}`) }, spec };
}

/**
 * The Job that asks a colour's own Service for each path. Its name is made of what it checks, so that it runs again when the
 * pods change or another check is asked for, and not otherwise.
 */
export function smokeJob(
  workload: ColoredWorkload,
  check: number,
): {
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };
  spec: k8s.types.input.batch.v1.JobSpec;
} {
  const { name, namespace, color, blueGreen } = workload;
  const { smoke } = blueGreen;
  const template: k8s.types.input.core.v1.PodTemplateSpec = {
    metadata: { labels: labels(workload, smokeName(name)) },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Never",
      securityContext: podSecurity(workload.security.user),
      ...(workload.pullSecrets.length ? { imagePullSecrets: workload.pullSecrets.map((name) => ({ name })) } : {}),
      containers: [smokeContainer(workload)],
    },
  };
  // What is not known at preview cannot be part of a name.
  const known = {
    env: knownOf(workload.env),
    envFrom: workload.envFrom.filter(isKnown),
    rollout: knownOf(workload.rollout),
  };
  const content = createHash("sha256")
    .update(JSON.stringify([check, template, podTemplate({ ...workload, ...known })]))
    .digest("hex")
    .slice(0, 10);
  return {
    metadata: { name: `${smokeName(name)}-${color}-${content}`, namespace, labels: labels(workload, smokeName(name)) },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: smoke.timeoutSeconds,
      // A pod that its node gave up says nothing about the service.
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      template,
    },
  };
}

function knownOf<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isKnown(value)));
}

function smokeContainer(workload: ColoredWorkload): k8s.types.input.core.v1.Container {
  const { ports, blueGreen } = workload;
  const { smoke } = blueGreen;
  const port = ports.find(({ name }) => name === smoke.port) ?? ports[0];
  const urls = smoke.paths.map(
    (path) => `http://${colorServiceName(workload)}:${port ? servicePort(port) : 80}${path}`,
  );
  return {
    name: "smoke",
    image: imageReference(smoke.image),
    command: ["curl"],
    args: [
      ...["--fail", "--fail-early", "--silent", "--show-error", "--output", "/dev/null"],
      ...["--connect-timeout", "5", "--max-time", "20"],
      // Endpoints reach the nodes a moment after pods are ready.
      ...["--retry", "5", "--retry-delay", "2", "--retry-all-errors"],
      ...urls,
    ],
    resources: {
      requests: { cpu: "10m", memory: "32Mi", "ephemeral-storage": "16Mi" },
      limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "32Mi" },
    },
    // So that what curl said is in the pod's status.
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function labels({ instance, color }: ColoredWorkload, name: string): Record<string, string> {
  return { ...standardLabels(name, instance, { component: "release" }), color };
}
