import { broken, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { selectsPlainly } from "../kubernetes/selector.ts";
import { findService } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const statefulsetServiceName: Rule = {
  id: "statefulset-service-name",
  title: "Every StatefulSet has the headless Service that names its pods",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`serviceName` of each StatefulSet is set; that Service is in its namespace, is headless (`clusterIP: None`), and selects its pods.",
  why: "Without it the pods have no names, and members of a cluster do not find each other.",
  remedy: "serviceName: db-headless",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/",
    "kube-score statefulset-has-servicename",
  ],
  ...eachInStack(["apps/StatefulSet"], function* (object, { stack }) {
    const name = object.body.at("spec", "serviceName");
    if (!name.value) {
      yield broken(name, "is not set");
      return;
    }
    const service = findService(stack, namespaceOf(object), name.string ?? "");
    if (!service) yield broken(name, "is no Service that exists");
    else if (typeof service !== "string") {
      if (service.body.at("spec", "clusterIP").value !== "None")
        yield broken(name, "is a Service that is not headless");
      if (
        !selectsPlainly(
          service.body.at("spec", "selector"),
          object.body.at("spec", "template", "metadata", "labels").texts,
        )
      )
        yield broken(name, "is a Service that does not select the pods");
    }
  }),
};
