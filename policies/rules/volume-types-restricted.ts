import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const allowed = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const volumeTypesRestricted: Rule = {
  id: "volume-types-restricted",
  title: "Every volume is of a kind that cannot reach the node",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "Each volume is a `configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `image`, `persistentVolumeClaim`, `projected` or `secret`.",
  why: "Other kinds name storage past the cluster's own administration of it, or are the node itself.",
  remedy: "volumes:\n  - name: data\n    persistentVolumeClaim:\n      claimName: data",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Kyverno restrict-volume-types",
    "Trivy KSV-0028, 0121",
  ],
  ...eachPod(({ field }) =>
    each(field.at("volumes").list, function* (volume) {
      for (const [key, source] of volume.entries)
        if (key !== "name" && !allowed.includes(key) && source.set)
          yield broken(source, "is a kind of volume that is not allowed");
    }),
  ),
};
