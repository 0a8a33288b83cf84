import { broken, eachContainer } from "../judge.ts";
import { liesIn } from "../kubernetes/image.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const imageSourceRetired: Rule = {
  id: "image-source-retired",
  title: "No image comes from a place that is given up",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "No `image` lies in one of the configured places, by default the old community registry of Kubernetes (`k8s.gcr.io`, `gcr.io/google_containers`) and Bitnami's legacy catalogue.",
  why: "Images there get no more fixes, and one day they are gone.",
  remedy: "image: registry.k8s.io/app:1.0.0",
  sources: [
    "https://kubernetes.io/blog/2023/03/10/image-registry-redirect/",
    "https://github.com/bitnami/containers/issues/83267",
    "Kubescape C-0253",
  ],
  options: {
    retired: {
      type: "array",
      items: { type: "string" },
      description: "Registries and paths in them that are given up.",
      default: ["k8s.gcr.io", "gcr.io/google_containers", "gcr.io/google-containers", "docker.io/bitnamilegacy"],
    },
  },
  ...eachContainer(function* ({ field }, { options }) {
    const image = field.at("image");
    if (image.string && listOf(options.retired).some((place) => liesIn(image.string ?? "", place)))
      yield broken(image, "is in a place that is given up");
  }),
};
