import { broken, eachObject } from "../judge.ts";
import { isBuiltIn } from "../kubernetes/kinds.ts";
import { retirementOf } from "../kubernetes/retired-versions.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const apiVersionSupported: Rule = {
  id: "api-version-supported",
  title: "Every object is of a version that the cluster serves and will serve",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No object is of a version that the cluster's version of Kubernetes has removed, or has deprecated, or, in Kubernetes' own groups, that is alpha or beta.",
  why: "What was removed cannot be deployed; what is deprecated cannot be after the next upgrade; alpha and beta versions come and go.",
  remedy: "apiVersion: apps/v1",
  sources: [
    "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    "kube-linter no-extensions-v1beta",
    "kube-score stable-version",
    "Trivy KSV-0107",
    "Kubescape C-0268",
    "pulumi compliance",
  ],
  options: {
    deprecated: {
      type: "boolean",
      description: "Whether versions that are deprecated, alpha or beta count too.",
      default: true,
    },
  },
  ...eachObject(undefined, function* (object, { options, facts }) {
    const version = object.body.at("apiVersion");
    const { minor } = facts.kubernetes;
    const known = retirementOf(object.apiVersion, object.kind);
    if (known && known.removed <= minor)
      yield broken(version, `was removed in Kubernetes 1.${known.removed}`, known.instead);
    else if (options.deprecated !== true) return;
    else if (known && known.deprecated <= minor)
      yield broken(version, `is deprecated since Kubernetes 1.${known.deprecated}`, known.instead);
    else if (isBuiltIn(object) && /v\d+(alpha|beta)\d+$/.test(object.apiVersion))
      yield broken(version, "is not a stable version");
  }),
};
