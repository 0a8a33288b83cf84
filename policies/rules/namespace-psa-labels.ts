import { broken, each, eachObject } from "../judge.ts";
import { nameIn, systemNamespaces } from "../kubernetes/object.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const namespacePsaLabels: Rule = {
  id: "namespace-psa-labels",
  title: "Every namespace enforces a Pod Security Standard",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each Namespace has `pod-security.kubernetes.io/enforce` of at least the configured level, by default `restricted` in prod and `baseline` elsewhere, and `enforce-version`. The namespaces of Kubernetes itself are left out.",
  why: "Without it the API server takes any pod there, whoever makes it.",
  remedy:
    "metadata:\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n    pod-security.kubernetes.io/enforce-version: latest",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Kyverno add-psa-labels",
    "Kubescape C-0212",
  ],
  options: {
    level: {
      type: "string",
      description: "The least that is enforced; `by environment` is restricted in prod, baseline elsewhere.",
      enum: ["by environment", "baseline", "restricted"],
      default: "by environment",
    },
  },
  ...eachObject(["/Namespace"], function* (object, { options, facts }) {
    if (systemNamespaces.includes(nameIn(object))) return;
    const labels = object.body.at("metadata", "labels");
    const enforced = labels.at("pod-security.kubernetes.io/enforce");
    const inProd = (facts.environment ?? "prod") === "prod";
    const level = options.level === "by environment" ? (inProd ? "restricted" : "baseline") : options.level;
    const allowed: readonly unknown[] = level === "restricted" ? ["restricted"] : ["baseline", "restricted"];
    yield* each([enforced], function* () {
      if (!allowed.includes(enforced.value))
        yield broken(enforced, enforced.set ? `is not ${allowed.join(" or ")}` : "is not set");
    });
    const version = labels.at("pod-security.kubernetes.io/enforce-version");
    if (!/^(latest|v1\.\d+)$/.test(version.string ?? ""))
      yield broken(version, version.set ? "is no version" : "is not set");
  }),
};
