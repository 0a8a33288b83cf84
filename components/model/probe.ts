import { z } from "zod";
import { nameSchema, portSchema } from "./names.ts";
import { secondsSchema, timesSchema } from "./numbers.ts";

const timing = {
  initialDelaySeconds: secondsSchema
    .min(0)
    .optional()
    .describe("Seconds after the container started before the first probe. Default 0."),
  periodSeconds: secondsSchema.min(1).optional().describe("Seconds between probes. Default 10."),
  timeoutSeconds: secondsSchema.min(1).optional().describe("Seconds after which a probe counts as failed. Default 1."),
  failureThreshold: timesSchema.min(1).optional().describe("Failures in a row that count. Default 3."),
};

/** One health check; exactly one of its three forms. */
export const probeSchema = z.union([
  z.strictObject({
    http: z.string().startsWith("/", { error: 'must begin with "/"' }).describe("Path that answers 2xx or 3xx."),
    port: nameSchema.or(portSchema),
    host: z
      .string()
      .min(1)
      .optional()
      .describe("Host header, for servers that look at it. Default: the pod's address."),
    ...timing,
  }),
  z.strictObject({ tcp: nameSchema.or(portSchema).describe("Port that accepts a connection."), ...timing }),
  z.strictObject({ exec: z.array(z.string()).min(1).describe("Command that exits 0."), ...timing }),
]);
export type Probe = z.infer<typeof probeSchema>;

/** The health checks of a container. Until a startup probe has succeeded, the others are not asked. */
export const probesSchema = z.strictObject({
  readiness: probeSchema,
  liveness: probeSchema,
  startup: probeSchema.optional(),
});
