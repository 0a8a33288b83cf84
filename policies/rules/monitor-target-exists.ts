import { broken, each, eachInStack } from "../judge.ts";
import { namespaceOf, systemNamespaces } from "../kubernetes/object.ts";
import { podPorts } from "../kubernetes/ports.ts";
import { type Labels, selects } from "../kubernetes/selector.ts";
import { hasPort } from "../kubernetes/services.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const monitorTargetExists: Rule = {
  id: "monitor-target-exists",
  title: "Every monitor finds something to ask",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "The selector of each ServiceMonitor matches a Service of the stack in its namespaces, and each endpoint's `port` is the name of one of its ports; of each PodMonitor, pods and theirs. Monitors of what Kubernetes itself runs are left out, and in a Pulumi program those of namespaces that it makes no pods in.",
  why: "A monitor that finds nothing is no error anywhere: there is just no alarm.",
  remedy: "selector:\n  matchLabels:\n    app.kubernetes.io/name: web",
  sources: ["https://prometheus-operator.dev/docs/developer/getting-started/", "kube-linter dangling-servicemonitor"],
  ...eachInStack(
    ["monitoring.coreos.com/ServiceMonitor", "monitoring.coreos.com/PodMonitor"],
    function* (monitor, { stack }) {
      const spec = monitor.body.at("spec");
      const selector = spec.at("selector");
      const namespaces = spec.at("namespaceSelector");
      const isThere = (namespace: string) =>
        namespaces.at("any").value === true ||
        (namespaces.at("matchNames").set
          ? namespaces.at("matchNames").strings.includes(namespace)
          : namespace === namespaceOf(monitor));
      const isPods = monitor.kind === "PodMonitor";
      const named = namespaces.at("matchNames").strings;
      if (named.length > 0 && named.every((name) => name === "default" || systemNamespaces.includes(name))) return;
      // A program that makes nothing in those namespaces watches what another one runs there.
      const isInhabited = (name: string) => stack.pods.some((pods) => pods.namespace() === name);
      if (monitor.resource && named.length > 0 && !named.some(isInhabited)) return;
      const candidates = isPods ? podsIn(stack) : servicesIn(stack);
      const matches = (one: Candidate) => isThere(one.namespace()) && selects(selector, one.labels());
      if (someOf(candidates, matches).length === 0)
        yield broken(selector, isPods ? "matches no pods" : "matches no Service");
      else
        yield* each(spec.at(isPods ? "podMetricsEndpoints" : "endpoints").list, function* (endpoint) {
          const port = endpoint.at("port");
          if (port.set && someOf(candidates, (one) => matches(one) && one.hasPort(port.string)).length === 0)
            yield broken(port, "is no port of what the monitor selects");
        });
    },
  ),
};

/** What a monitor may select. */
interface Candidate {
  readonly namespace: () => string;
  readonly labels: () => Labels;
  readonly hasPort: (name: string | undefined) => boolean;
}

function podsIn(stack: Stack): Candidate[] {
  return stack.pods.map(({ namespace, labels, pod }) => ({
    namespace,
    labels,
    hasPort: (name) => pod === undefined || podPorts(pod).some((port) => port.name === name),
  }));
}

function servicesIn(stack: Stack): Candidate[] {
  return stack.ofKind("/Service").map((service) => ({
    namespace: () => namespaceOf(service),
    labels: () => service.body.at("metadata", "labels").texts,
    hasPort: (name) => hasPort(service, name),
  }));
}
