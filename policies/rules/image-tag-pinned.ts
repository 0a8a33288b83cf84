import { broken, eachContainer } from "../judge.ts";
import { imageOf } from "../kubernetes/image.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const imageTagPinned: Rule = {
  id: "image-tag-pinned",
  title: "Every image has a tag other than latest, or a digest",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each `image` has a digest, or a tag that is not `latest`.",
  why: "Without one nobody knows what runs: the next pod on another node may run something else, and there is no way back.",
  remedy: "image: registry.example/app:1.0.0",
  sources: [
    "https://kubernetes.io/docs/concepts/containers/images/",
    "kube-linter latest-tag",
    "Polaris tagNotSpecified",
    "Kyverno disallow-latest-tag",
    "Checkov CKV_K8S_14",
    "Trivy KSV-0013",
    "Kubescape C-0075",
  ],
  ...eachContainer(function* ({ field }) {
    const image = field.at("image");
    if (!image.string) return;
    const { tag, digest } = imageOf(image.string);
    if (digest === undefined && (tag === undefined || tag === "latest"))
      yield broken(image, tag === undefined ? "has neither tag nor digest" : "has the tag latest");
  }),
};
