import { broken, eachInStack } from "../judge.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

export const ingressClassSet: Rule = {
  id: "ingress-class-set",
  title: "Every Ingress says which controller serves it",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`ingressClassName`, or the older annotation `kubernetes.io/ingress.class`, is set, and is a class of the stack or one of the configured names.",
  why: "Without it the default class takes it, or none, or, with two controllers, both.",
  remedy: "spec:\n  ingressClassName: nginx",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "Kubescape C-0263",
    "Kyverno require-ingress-class",
  ],
  options: {
    classes: {
      type: "array",
      items: { type: "string" },
      description: "Names of classes that are known.",
      default: [
        "nginx",
        "traefik",
        "haproxy",
        "contour",
        "kong",
        "cilium",
        "istio",
        "alb",
        "gce",
        "gce-internal",
        "azure-application-gateway",
        "webapprouting.kubernetes.azure.com",
        "public",
        "internal",
        "external",
      ],
    },
  },
  ...eachInStack(ingressKinds, function* ({ body }, { stack, options }) {
    const name = body.at("spec", "ingressClassName");
    const older = body.at("metadata", "annotations", "kubernetes.io/ingress.class");
    const set = name.set ? name : older;
    if (!set.value) yield broken(name, "is not set");
    else if (
      !listOf(options.classes).includes(set.string ?? "") &&
      !stack.find("networking.k8s.io/IngressClass", undefined, set.string ?? "")
    )
      yield broken(set, "is a class that nobody knows");
  }),
};
