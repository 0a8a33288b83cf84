import { broken, eachInStack } from "../judge.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const serviceSelectorUnique: Rule = {
  id: "service-selector-unique",
  title: "No two Services select the same",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "No two Services of a namespace have the same selector, except a headless one beside one that is not.",
  why: "Two names for one thing are mostly a selector that was copied and not changed.",
  remedy: "Give each Service the labels of its own pods.",
  sources: ["Gatekeeper K8sUniqueServiceSelector", "Kyverno unique-service-selector"],
  ...eachInStack(["/Service"], function* (service, { stack }) {
    const key = (one: KubernetesObject) =>
      JSON.stringify([
        namespaceOf(one),
        Object.entries(one.body.at("spec", "selector").texts).sort(),
        one.body.at("spec", "clusterIP").value === "None",
      ]);
    const selector = service.body.at("spec", "selector");
    if (selector.entries.length === 0) return;
    const others = stack.ofKind("/Service");
    const [first] = someOf(others.slice(0, others.indexOf(service)), (other) => key(other) === key(service));
    if (first) yield broken(selector, `is that of Service ${first.name} too`);
  }),
};
