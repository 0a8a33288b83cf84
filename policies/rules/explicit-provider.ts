import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const explicitProvider: Rule = {
  id: "explicit-provider",
  title: "Which cluster is meant is never a guess",
  severity: "critical",
  levels: mandatoryFrom("dev"),
  what: "No Kubernetes resource of a Pulumi program is made by a default provider.",
  why: "A default provider takes whatever cluster the person at the keyboard used last.",
  remedy: "Make one `kubernetes.Provider` with the environment's context, and give it to everything.",
  sources: ["https://www.pulumi.com/docs/iac/concepts/resources/providers/"],
  ...eachObject(undefined, function* ({ body, resource }) {
    if (/::default(_[^:]*)?(::|$)/.test(resource?.provider ?? "")) yield broken(body, "is made by a default provider");
  }),
};
