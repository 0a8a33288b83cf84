import { broken, eachContainer } from "../judge.ts";
import { imageOf } from "../kubernetes/image.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const imagePullPolicy: Rule = {
  id: "image-pull-policy",
  title: "Every image is pulled as its tag asks for",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "`imagePullPolicy` is not `Never`, and an image without tag or with `latest` has `Always`, which is its default. With `mode: always` every image has it.",
  why: "`IfNotPresent` with a tag that moves runs whatever a node happens to have; `Never` runs only where somebody loaded the image by hand.",
  remedy: "imagePullPolicy: Always",
  sources: [
    "https://kubernetes.io/docs/concepts/containers/images/",
    "Polaris pullPolicyNotAlways",
    "kube-score container-image-pull-policy",
    "Checkov CKV_K8S_15",
    "Kyverno imagepullpolicy-always",
  ],
  options: {
    mode: {
      type: "string",
      description: "Which images must be pulled always.",
      enum: ["mutable", "always"],
      default: "mutable",
    },
  },
  ...eachContainer(function* ({ field }, { options }) {
    const policy = field.at("imagePullPolicy");
    if (policy.value === "Never") yield broken(policy, "is Never");
    else if (policy.value === "Always") return;
    const image = field.at("image").string;
    if (!image) return;
    const { tag, digest } = imageOf(image);
    const moves = digest === undefined && (tag === undefined || tag === "latest");
    if (moves && policy.set && policy.value !== "Never")
      yield broken(policy, "is not Always, although the image's tag moves");
    else if (options.mode === "always" && (!moves || policy.set)) yield broken(policy, "is not Always");
  }),
};
