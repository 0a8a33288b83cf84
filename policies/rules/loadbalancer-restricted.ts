import { broken, each, eachObject } from "../judge.ts";
import { nameIn, namespaceOf } from "../kubernetes/object.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

const everything = ["0.0.0.0/0", "::/0"];
const internal: Readonly<Record<string, RegExp>> = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": /^(true|0\.0\.0\.0\/0)$/,
  "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/,
  "service.beta.kubernetes.io/azure-load-balancer-internal": /^true$/,
  "service.beta.kubernetes.io/openstack-internal-load-balancer": /^true$/,
  "networking.gke.io/load-balancer-type": /^Internal$/i,
  "cloud.google.com/load-balancer-type": /^Internal$/i,
};

export const loadbalancerRestricted: Rule = {
  id: "loadbalancer-restricted",
  title: "Every load balancer is meant to be there and says whom it lets in",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each Service of type `LoadBalancer` is one of the configured ones, or has `loadBalancerSourceRanges`, or the older annotation for them, that are not the whole internet or is internal by class or annotation, and has `externalTrafficPolicy` set.",
  why: "A load balancer is a public address; it should take an intent to get one.",
  remedy: "spec:\n  type: LoadBalancer\n  externalTrafficPolicy: Local\n  loadBalancerSourceRanges: [192.0.2.0/24]",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/",
    "Kyverno no-loadbalancer-service",
    "Gatekeeper K8sBlockLoadBalancer",
    "Kubescape C-0256",
    "pulumi compliance",
  ],
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Services that may be open to all, as `namespace/name`.",
      default: [],
    },
  },
  ...eachObject(["/Service"], function* (service, { options }) {
    const { body } = service;
    const spec = body.at("spec");
    if (spec.at("type").value !== "LoadBalancer") return;
    if (listOf(options.allowed).includes(`${namespaceOf(service)}/${nameIn(service)}`)) return;
    yield* each([spec.at("loadBalancerSourceRanges")], function* (ranges) {
      const annotations = body.at("metadata", "annotations").texts;
      const older = annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]?.split(",") ?? [];
      const given = ranges.set ? ranges.strings : older.map((range) => range.trim()).filter(Boolean);
      const isOpen = given.length === 0 || given.some((range) => everything.includes(range));
      const isInternal =
        Object.entries(internal).some(([key, value]) => value.test(annotations[key] ?? "")) ||
        /internal/i.test(spec.at("loadBalancerClass").string ?? "");
      if (isOpen && !isInternal) yield broken(ranges, "lets everybody in, and the load balancer is not internal");
    });
    if (!spec.at("externalTrafficPolicy").set) yield broken(spec.at("externalTrafficPolicy"), "is not set");
  }),
};
