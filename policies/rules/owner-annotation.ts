import { broken, eachObject } from "../judge.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const ownerAnnotation: Rule = {
  id: "owner-annotation",
  title: "Everything says who answers for it",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "Each object has one of the configured keys among its annotations or labels.",
  why: "When something breaks at night, somebody has to be called.",
  remedy: "metadata:\n  annotations:\n    owner: team-shop",
  sources: [
    "kube-linter required-annotation-email, required-label-owner",
    "Kyverno require-annotations",
    "Gatekeeper K8sRequiredAnnotations",
    "Kubescape C-0077",
  ],
  options: {
    keys: {
      type: "array",
      items: { type: "string" },
      description: "Keys of annotations or labels of which one must be there.",
      default: ["owner", "contact", "email", "team", "app.kubernetes.io/owner"],
    },
  },
  ...eachObject(undefined, function* ({ body }, { options }) {
    const metadata = body.at("metadata");
    const keys = listOf(options.keys);
    const [annotations, labels] = [metadata.at("annotations"), metadata.at("labels")];
    const has = someOf([annotations, labels], (map) => keys.some((key) => Boolean(map.at(key).value)));
    if (has.length === 0) yield broken(annotations, `have none of ${keys.join(", ")}`);
  }),
};
