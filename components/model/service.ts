import { z } from "zod";
import { accessSchema } from "./access.ts";
import { autoscalingSchema, verticalScalingSchema } from "./autoscaling.ts";
import { blueGreenOverrideSchema, blueGreenSchema } from "./blue-green.ts";
import { envFromSchema, envSchema } from "./env.ts";
import { imageSchema } from "./image.ts";
import { metricsSchema } from "./monitoring.ts";
import { addressSchema, annotationsSchema, labelsSchema, labelValueSchema, nameSchema, portSchema } from "./names.ts";
import { podsSchema, secondsSchema } from "./numbers.ts";
import { probesSchema } from "./probe.ts";
import { resourcesOverrideSchema, resourcesSchema } from "./quantity.ts";
import { claimOverrideSchema, volumeSchema } from "./volume.ts";

/** A port of a container and, under the same name, of its Service. */
export const servicePortSchema = z.strictObject({
  name: nameSchema
    .max(15, { error: "must have at most 15 characters (IANA service name)" })
    .describe("Name of the port, such as http."),
  port: portSchema.describe("Port of the container, and of the Service unless servicePort says otherwise."),
  servicePort: portSchema.optional().describe("Port of the Service. Default: the same as port."),
  protocol: z.enum(["TCP", "UDP"]).default("TCP"),
});
export type ServicePort = z.infer<typeof servicePortSchema>;

/** Somewhere outside the cluster that a service talks to. */
export const egressSchema = z.strictObject({
  host: addressSchema.describe(
    "Host name. Documentation: a NetworkPolicy matches addresses, so all public ones are allowed on the ports.",
  ),
  ports: z.array(portSchema).min(1).default([443]),
});

/** One application service: what it is, what it needs, what it talks to. Everything else is derived. */
export const serviceSchema = z.strictObject({
  kind: z
    .enum(["Deployment", "StatefulSet", "DaemonSet"])
    .default("Deployment")
    .describe("Workload kind. StatefulSet for own disk or a stable name, DaemonSet for one pod a node."),
  component: labelValueSchema.default("service").describe("Value of app.kubernetes.io/component."),
  serviceName: nameSchema
    .optional()
    .describe("Name of its Kubernetes Service, under which others reach it. Default: the name of the service."),
  containerName: nameSchema.optional().describe("Name of its container. Default: the name of the service."),
  labels: labelsSchema
    .default({})
    .describe(
      "More labels of its objects and pods, part of every selector. A selector never changes: other labels make a workload anew.",
    ),
  podAnnotations: annotationsSchema
    .default({})
    .describe("Annotations of its pods, beside the checksums that roll them."),
  image: imageSchema,
  imagePullPolicy: z.enum(["IfNotPresent", "Always", "Never"]).default("IfNotPresent"),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.array(servicePortSchema).default([]),
  replicas: podsSchema
    .min(0)
    .default(1)
    .describe("Pods, where no autoscaling owns the number. Ignored for a DaemonSet."),
  autoscaling: autoscalingSchema.optional(),
  verticalScaling: verticalScalingSchema.optional(),
  metrics: metricsSchema.optional(),
  singleton: z
    .boolean()
    .default(false)
    .describe(
      "One pod and never two, not even in a rollout: the old one ends before the new one starts. A node drain interrupts it.",
    ),
  antiAffinity: z
    .enum(["preferred", "required"])
    .optional()
    .describe(
      "Pods on different nodes: preferred where it can be done, required as a condition, then a rollout replaces one pod at a time. Default: spread as well as it goes.",
    ),
  access: accessSchema.optional(),
  resources: resourcesSchema,
  probes: probesSchema,
  env: envSchema.default({}),
  envFrom: z.array(envFromSchema).default([]),
  files: z
    .record(z.string().startsWith("/"), z.string())
    .default({})
    .describe("Path in the container → content, kept in a ConfigMap."),
  volumes: z.record(nameSchema, volumeSchema).default({}),
  uses: z
    .array(nameSchema)
    .default([])
    .describe("Services and data stores that it calls. Network policies and start order follow."),
  egress: z.array(egressSchema).default([]),
  security: z
    .strictObject({
      user: z
        .int()
        .min(1)
        .max(2 ** 31 - 1)
        .default(10001)
        .describe("runAsUser, runAsGroup and fsGroup."),
      readOnlyRootFilesystem: z.boolean().default(true),
    })
    .prefault({}),
  blueGreen: blueGreenSchema
    .optional()
    .describe("Released into a second set of pods beside the one with the traffic, by `npm run release`."),
  terminationGracePeriodSeconds: secondsSchema.min(0).default(30).describe("Seconds from SIGTERM to SIGKILL."),
  timeoutSeconds: secondsSchema
    .min(1)
    .default(600)
    .describe("Seconds that an update may take before it counts as failed."),
});
export type Service = z.infer<typeof serviceSchema>;

/** What an environment or a stack may change of a service. Objects merge, lists and scalars replace. */
export const serviceOverrideSchema = z.strictObject({
  image: z
    .strictObject({
      repository: imageSchema.shape.repository.optional(),
      tag: imageSchema.shape.tag,
      digest: imageSchema.shape.digest,
    })
    .optional(),
  imagePullPolicy: serviceSchema.shape.imagePullPolicy.unwrap().optional(),
  replicas: serviceSchema.shape.replicas.unwrap().optional(),
  autoscaling: z
    .union([z.literal(false), autoscalingSchema.partial()])
    .optional()
    .describe("Bounds and targets, or false to fix the number of pods by replicas."),
  verticalScaling: z
    .union([
      z.literal(false),
      z.strictObject({
        mode: verticalScalingSchema.shape.mode.unwrap().optional(),
        resources: verticalScalingSchema.shape.resources.unwrap().optional(),
        min: verticalScalingSchema.shape.min.unwrap().optional(),
        max: verticalScalingSchema.shape.max.unwrap().optional(),
      }),
    ])
    .optional()
    .describe("Mode and bounds, or false for none."),
  resources: resourcesOverrideSchema.optional(),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe("Literal variables, added or replaced. Secrets go under keelson:secrets."),
  podAnnotations: annotationsSchema.optional().describe("Annotations of its pods, added or replaced."),
  volumes: z.record(nameSchema, claimOverrideSchema).optional(),
  blueGreen: blueGreenOverrideSchema.optional(),
  timeoutSeconds: serviceSchema.shape.timeoutSeconds.unwrap().optional(),
});
export type ServiceOverride = z.infer<typeof serviceOverrideSchema>;

/** The port that a Service listens on. */
export function servicePort(port: ServicePort): number {
  return port.servicePort ?? port.port;
}

/** The name under which other pods of the namespace reach a service. */
export function serviceHost(name: string, { serviceName }: Pick<Service, "serviceName">): string {
  return serviceName ?? name;
}

/** Seconds between a pod's removal from its Services and SIGTERM, so that no request reaches a stopping process. */
export const drainSeconds = 5;
