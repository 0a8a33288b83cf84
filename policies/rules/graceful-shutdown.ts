import { broken, each, eachPodInStack } from "../judge.ts";
import { containersOf } from "../kubernetes/containers.ts";
import type { Field } from "../kubernetes/field.ts";
import { isServed } from "../kubernetes/services.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const gracefulShutdown: Rule = {
  id: "graceful-shutdown",
  title: "Whatever serves lets its requests end before it goes",
  severity: "medium",
  levels: advisoryFrom("staging"),
  what: "Pods that a Service selects have a container with a `preStop` hook, and what it sleeps, with the configured time to end, is less than `terminationGracePeriodSeconds` (30 where it is not set).",
  why: "Requests still come while a pod is already told to stop; without a pause they fail at every update, and a pause longer than the grace is cut off.",
  remedy:
    "terminationGracePeriodSeconds: 60\ncontainers:\n  - name: app\n    lifecycle:\n      preStop:\n        sleep:\n          seconds: 10",
  sources: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination"],
  options: {
    drainSeconds: {
      type: "integer",
      description: "The time that requests need to end after the hook, in seconds.",
      default: 0,
    },
  },
  ...eachPodInStack(function* (pod, { object, stack, options }) {
    if (pod.longRunning === false || object.kind === "DaemonSet") return;
    const containers = containersOf(pod).filter(({ stays }) => stays !== false);
    const grace = pod.field.at("terminationGracePeriodSeconds");
    yield* each(containers, function* ({ field, name: container }) {
      const seconds = sleepOf(field.at("lifecycle", "preStop"));
      if (seconds > 0 && seconds + Number(options.drainSeconds) >= (grace.number ?? 30))
        yield { ...broken(grace, "is no longer than the preStop hook sleeps"), container };
    });
    const hooks = someOf(containers, ({ field }) => field.at("lifecycle", "preStop").set);
    if (hooks.length === 0 && isServed(object, stack))
      yield broken(pod.field.at("containers"), "have no preStop hook, although a Service sends them requests");
  }),
};

/** How long a hook sleeps, in seconds, as far as it can be seen. */
function sleepOf(hook: Field): number {
  const own = hook.at("sleep", "seconds").number;
  if (own !== undefined) return own;
  const command = hook.at("exec", "command").strings.join(" ");
  return Number(/(?:^|[\s;&/])sleep\s+(\d+)/.exec(command)?.[1] ?? 0);
}
