import { z } from "zod";
import { podsSchema } from "./numbers.ts";
import { bytesSchema, cpuSchema, quantitySchema } from "./quantity.ts";

const scalingRulesSchema = z.strictObject({
  stabilizationWindowSeconds: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe("Seconds whose most careful recommendation counts. Default: 0 up, 300 down."),
  selectPolicy: z
    .enum(["Max", "Min", "Disabled"])
    .optional()
    .describe("Which of several policies counts. Default Max."),
  policies: z
    .array(
      z.strictObject({
        type: z.enum(["Pods", "Percent"]),
        value: podsSchema.min(1).describe("Pods, or percent of them, by which the number may change in one period."),
        periodSeconds: z.int().min(1).max(1800),
      }),
    )
    .min(1)
    .optional(),
});

/** How many pods there shall be, left to a HorizontalPodAutoscaler. */
export const autoscalingSchema = z.strictObject({
  min: podsSchema.min(1).describe("Fewest pods."),
  max: podsSchema.min(1).describe("Most pods."),
  cpu: z.int().min(1).max(1000).optional().describe("Target average use of the cpu request, in percent."),
  memory: z.int().min(1).max(1000).optional().describe("Target average use of the memory request, in percent."),
  pods: z
    .record(z.string().regex(/^[a-zA-Z_:][\w:]*$/, { error: "must be a metric's name" }), quantitySchema)
    .optional()
    .describe("Metric of the pods → its target average per pod. Needs addons.metricsAdapter, which serves it."),
  behavior: z
    .strictObject({ scaleUp: scalingRulesSchema.optional(), scaleDown: scalingRulesSchema.optional() })
    .optional()
    .describe("How fast the number may change. Default: Kubernetes' own, down only after five calm minutes."),
});
export type Autoscaling = z.infer<typeof autoscalingSchema>;

/** What a HorizontalPodAutoscaler scales a workload by, of what a VerticalPodAutoscaler could change. */
export function scaledResources({ cpu, memory }: Autoscaling): ("cpu" | "memory")[] {
  return [...(cpu === undefined ? [] : (["cpu"] as const)), ...(memory === undefined ? [] : (["memory"] as const))];
}

const boundSchema = z.strictObject({ cpu: cpuSchema.optional(), memory: bytesSchema.optional() });

/** How much each pod requests, left to a VerticalPodAutoscaler. It needs addons.verticalPodAutoscaler. */
export const verticalScalingSchema = z.strictObject({
  mode: z
    .enum(["Off", "Initial", "Recreate", "InPlaceOrRecreate"])
    .default("Off")
    .describe(
      "Off: only recommend. Initial: set requests when a pod is made. Recreate: evict pods to change them. InPlaceOrRecreate: change them as they run, where the cluster can (1.33).",
    ),
  resources: z
    .array(z.enum(["cpu", "memory"]))
    .min(1)
    .default(["cpu", "memory"])
    .describe("What it may change: never what a HorizontalPodAutoscaler scales by, unless mode is Off."),
  min: boundSchema.default({}).describe("Least that it may recommend for the container's request."),
  max: boundSchema
    .default({})
    .describe("Most that it may recommend for the container's request. Limits keep their ratio to requests."),
});
export type VerticalScaling = z.infer<typeof verticalScalingSchema>;
