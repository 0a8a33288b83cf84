import { broken, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { twinsBy } from "../kubernetes/twins.ts";
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
    const selector = service.body.at("spec", "selector");
    if (selector.entries.length === 0) return;
    const first = firstThatSelects(stack.ofKind("/Service"), service);
    if (first) yield broken(selector, `is that of Service ${first.name} too`);
  }),
};

const firstThatSelects = twinsBy((service) => {
  const selector = Object.entries(service.body.at("spec", "selector").texts).sort();
  const isHeadless = service.body.at("spec", "clusterIP").value === "None";
  return selector.length === 0 ? undefined : JSON.stringify([namespaceOf(service), selector, isHeadless]);
});
