import type { Service } from "../model/service.ts";

/** A matcher of a PromQL selector: a value, or a regular expression that begins with `~`. */
export type Matchers = Record<string, string>;

/** A PromQL selector: `select("up", { job: "web", pod: "~web-.*" })` is `up{job="web",pod=~"web-.*"}`. */
export function select(metric: string, matchers: Matchers): string {
  const parts = Object.entries(matchers).map(([label, value]) => {
    const [operator, text] = value.startsWith("~")
      ? ["=~", value.slice(1)]
      : value.startsWith("!")
        ? ["!=", value.slice(1)]
        : ["=", value];
    return `${label}${operator}${JSON.stringify(text)}`;
  });
  return parts.length ? `${metric}{${parts.join(",")}}` : metric;
}

/** A matcher for any of some names. */
export function anyOf(names: string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `~${names.join("|")}`;
}

/** What kube-state-metrics calls the numbers of pods of each kind of workload: wanted and ready to serve. */
export const replicaMetrics: Record<Service["kind"], { label: string; wanted: string; ready: string }> = {
  Deployment: {
    label: "deployment",
    wanted: "kube_deployment_spec_replicas",
    ready: "kube_deployment_status_replicas_available",
  },
  StatefulSet: {
    label: "statefulset",
    wanted: "kube_statefulset_replicas",
    ready: "kube_statefulset_status_replicas_ready",
  },
  DaemonSet: {
    label: "daemonset",
    wanted: "kube_daemonset_status_desired_number_scheduled",
    ready: "kube_daemonset_status_number_ready",
  },
};
