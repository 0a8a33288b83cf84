import { broken, each, eachSecurityContext } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const confined: readonly unknown[] = [undefined, "RuntimeDefault", "Localhost"];
const annotation = "container.apparmor.security.beta.kubernetes.io/";

export const apparmorProfile: Rule = {
  id: "apparmor-profile",
  title: "No container leaves its AppArmor profile",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`appArmorProfile.type` of the pod and of each container is absent, `RuntimeDefault` or `Localhost`; so are the annotations `container.apparmor.security.beta.kubernetes.io/<container>`: `runtime/default` or `localhost/<profile>`.",
  why: "Where nodes have AppArmor, its default profile holds what gets past the other barriers; `Unconfined` takes it away.",
  remedy: "securityContext:\n  appArmorProfile:\n    type: RuntimeDefault",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Kyverno restrict-apparmor-profiles",
    "Trivy KSV-0002",
    "Kubescape C-0055",
  ],
  ...eachSecurityContext(function* (context, { pod, container }) {
    const type = context.at("appArmorProfile", "type");
    if (!confined.includes(type.value)) yield broken(type, "is neither RuntimeDefault nor Localhost");
    if (container) return;
    const annotations = pod.metadata.at("annotations").entries.filter(([key]) => key.startsWith(annotation));
    yield* each(annotations, function* ([, profile]) {
      const value = profile.string ?? "";
      if (value !== "" && value !== "runtime/default" && !value.startsWith("localhost/"))
        yield broken(
          profile,
          "is neither runtime/default nor localhost/…",
          `${annotation}<container>: runtime/default`,
        );
    });
  }),
};
