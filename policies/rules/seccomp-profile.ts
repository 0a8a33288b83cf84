import { broken, each, eachSecurityContext, type Verdict } from "../judge.ts";
import { containersOf } from "../kubernetes/containers.ts";
import type { Field } from "../kubernetes/field.ts";
import { isForWindows } from "../kubernetes/pod-traits.ts";
import { settingsIn } from "../remediation.ts";
import { type Rule, remediatedInDev } from "../rule.ts";

const confined: readonly unknown[] = ["RuntimeDefault", "Localhost"];

export const seccompProfile: Rule = {
  id: "seccomp-profile",
  title: "Every container runs under a seccomp profile",
  severity: "high",
  levels: remediatedInDev,
  what: "`seccompProfile.type` of each container, its own or its pod's, is `RuntimeDefault` or `Localhost`. With `profile: baseline` it may also be absent, but not `Unconfined`. Pods for Windows need none. Before Kubernetes 1.19, which brought the field, the annotations that came before it are judged.",
  why: "A seccomp profile takes away the system calls that most ways out of a container need, and no program misses them.",
  remedy: "securityContext:\n  seccompProfile:\n    type: RuntimeDefault",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-score container-seccomp-profile",
    "Checkov CKV_K8S_31",
    "Trivy KSV-0030, 0104",
    "Kubescape C-0055",
  ],
  options: {
    profile: {
      type: "string",
      description: "The Pod Security Standard that is asked for.",
      enum: ["restricted", "baseline"],
      default: "restricted",
    },
  },
  ...eachSecurityContext(function* (context, { pod, container, options, facts }) {
    if (facts.kubernetes.minor < 19) {
      if (!container) yield* judgeAnnotations(pod.metadata.at("annotations"));
      return;
    }
    const type = context.at("seccompProfile", "type");
    if (context.at("seccompProfile").set) {
      if (!confined.includes(type.value)) yield broken(type, "is neither RuntimeDefault nor Localhost");
    } else if (
      options.profile !== "baseline" &&
      container &&
      !isForWindows(pod, facts) &&
      !pod.field.at("securityContext", "seccompProfile").set
    )
      yield broken(type, "is not set, nor is its pod's");
  }),
  settings: (object, facts) =>
    settingsIn(object, {
      pod: (pod) => {
        const field = pod.field.at("securityContext", "seccompProfile");
        const lacks = containersOf(pod).some(
          (container) => !container.field.at("securityContext", "seccompProfile").set,
        );
        return field.set || !lacks || isForWindows(pod, facts)
          ? undefined
          : { field, value: { type: "RuntimeDefault" } };
      },
    }),
};

const annotation = /^(container\.)?seccomp\.security\.alpha\.kubernetes\.io\//;

function judgeAnnotations(annotations: Field): Iterable<Verdict> {
  const own = annotations.entries.filter(([key]) => annotation.test(key));
  return each(own, function* ([, profile]) {
    if (!/^(runtime\/default|docker\/default|localhost\/.*)$/.test(profile.string ?? ""))
      yield broken(profile, "is none of runtime/default, docker/default and localhost/…");
  });
}
