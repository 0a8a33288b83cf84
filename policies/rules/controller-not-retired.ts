import { broken, eachContainer } from "../judge.ts";
import { imageOf, liesIn } from "../kubernetes/image.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const controllerNotRetired: Rule = {
  id: "controller-not-retired",
  title: "No controller is past the end of its life",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "No image is that of a controller whose project has ended: ingress-nginx (March 2026) in whatever registry, Tiller, and others by configuration.",
  why: "The next hole in it stays open.",
  remedy: "Move to a controller that is maintained, for example one of the Gateway API.",
  sources: ["https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/", "Kubescape C-0292"],
  options: {
    retired: {
      type: "array",
      items: { type: "string" },
      description:
        "Repositories of images of controllers that have ended; `*/` stands for any registry and path before it.",
      default: [
        "*/ingress-nginx/controller",
        "*/ingress-nginx/controller-chroot",
        "quay.io/kubernetes-ingress-controller/nginx-ingress-controller",
        "gcr.io/kubernetes-helm/tiller",
        "ghcr.io/helm/tiller",
        "docker.io/kubernetesui/dashboard",
        "registry.k8s.io/metrics-server-amd64",
      ],
    },
  },
  ...eachContainer(function* ({ field }, { options }) {
    const image = field.at("image");
    const name = image.string;
    if (!name) return;
    if (listOf(options.retired).some((place) => isOf(name, place)))
      yield broken(image, "is of a controller whose project has ended");
  }),
};

function isOf(image: string, place: string): boolean {
  return place.startsWith("*/") ? imageOf(image).repository.endsWith(place.slice(1)) : liesIn(image, place);
}
