import { broken, each, eachObject } from "../judge.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const name = /^(?=.{1,63}$)[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;
const domain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const labelValuesValid: Rule = {
  id: "label-values-valid",
  title: "Every label is one that Kubernetes accepts",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "Keys of labels and annotations, and values of labels, of each object and each template have the form that Kubernetes asks for: up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; a key may have a domain name before a slash.",
  why: "The API server refuses the rest, but only while deploying.",
  remedy: "metadata:\n  labels:\n    app.kubernetes.io/version: 1.0.0",
  sources: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    "kube-score label-values",
  ],
  ...eachObject(undefined, function* (object) {
    const pod = podSpecOf(object);
    const places = [object.body.at("metadata"), ...(pod && pod.metadata.path !== "metadata" ? [pod.metadata] : [])];
    for (const metadata of places) {
      yield* each(metadata.at("labels").entries, function* ([key, value]) {
        if (!isKey(key)) yield broken(value, "has a key that is not valid");
        else if (value.set && typeof value.value !== "string") yield broken(value, "is not a text");
        else if (value.value && !name.test(value.string ?? "")) yield broken(value, "is not a valid value of a label");
      });
      yield* each(metadata.at("annotations").entries, function* ([key, value]) {
        if (!isKey(key.toLowerCase())) yield broken(value, "has a key that is not valid");
        else if (value.set && typeof value.value !== "string") yield broken(value, "is not a text");
      });
    }
  }),
};

function isKey(key: string): boolean {
  const slash = key.indexOf("/");
  return name.test(key.slice(slash + 1)) && (slash < 0 || domain.test(key.slice(0, slash)));
}
