import { z } from "zod";
import { nameSchema } from "./names.ts";

const durationSchema = z
  .string()
  .regex(/^(0|(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/, { error: 'must be a duration such as "30s" or "5m"' })
  .min(1);

/** The Secret with Grafana's administrator. */
export const grafanaSecretName = "grafana-admin";

/** Where a service tells Prometheus about itself. With `addons.monitoring` it gets a ServiceMonitor. */
export const metricsSchema = z.strictObject({
  port: nameSchema.describe("Name of the service's port."),
  path: z.string().startsWith("/").default("/metrics"),
  interval: durationSchema.default("30s").describe("Time between two scrapes."),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** One alert of a PrometheusRule. `$namespace` in the expression stands for the system's namespace. */
export const alertSchema = z.strictObject({
  alert: z.string().regex(/^[A-Z]\w*$/, { error: 'must be a name such as "ServiceDown"' }),
  expr: z.string().min(1).describe("PromQL; what it returns is what fires. $namespace stands for the namespace."),
  for: durationSchema.default("5m").describe("How long it must hold before the alert fires."),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string().min(1),
  description: z
    .string()
    .optional()
    .describe("What it means and what to look at. Templates: {{ $labels.pod }}, {{ $value }}."),
});
export type Alert = z.infer<typeof alertSchema>;

/** Alerts of a system's own, by PrometheusRule. Those that every service has come by themselves. */
export const alertsSchema = z.record(
  nameSchema,
  z.strictObject({
    group: z.string().min(1).describe("Name of the group in the rule."),
    rules: z.array(alertSchema).min(1),
  }),
);
export type Alerts = z.infer<typeof alertsSchema>;

/** Dashboards, by the name of their ConfigMap in the monitoring's namespace; drawn from what the services are. */
export const dashboardsSchema = z.record(
  nameSchema,
  z.strictObject({
    title: z.string().min(1),
    services: z.array(nameSchema).min(1).optional().describe("Services to show. Default: all of the system."),
  }),
);
export type Dashboards = z.infer<typeof dashboardsSchema>;
