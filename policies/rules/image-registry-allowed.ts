import { broken, eachContainer } from "../judge.ts";
import { liesIn } from "../kubernetes/image.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

export const imageRegistryAllowed: Rule = {
  id: "image-registry-allowed",
  title: "Every image comes from an allowed registry",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each `image` lies in one of the configured registries or repositories: `registry.example` allows `registry.example/app`, but not `registry.example.com/app`. A name without a registry is one of `docker.io`. Where none is configured, all are allowed.",
  why: "What runs in the cluster should come from where it was looked at, and from where it can still be got tomorrow.",
  remedy: "image: registry.example/app:1.0.0",
  sources: [
    "kube-linter unsafe-image-registry",
    "Kyverno restrict-image-registries",
    "Trivy KSV-0125",
    "Kubescape C-0078",
    "Gatekeeper K8sAllowedRepos",
  ],
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Registries and paths in them, such as `ghcr.io/example`.",
      default: [],
    },
  },
  ...eachContainer(function* ({ field }, { options }) {
    const image = field.at("image");
    const allowed = listOf(options.allowed);
    if (image.string && allowed.length > 0 && !allowed.some((place) => liesIn(image.string ?? "", place)))
      yield broken(image, "is not in an allowed registry");
  }),
};
