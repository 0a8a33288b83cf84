import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noOpaqueRelease: Rule = {
  id: "no-opaque-release",
  title: "No chart is hidden in a Helm release",
  severity: "high",
  levels: mandatoryFrom("dev"),
  what: "No resource of a Pulumi program is a `kubernetes:helm.sh/v3:Release`.",
  why: "Pulumi sees nothing of what a release renders: no rule judges it, and no preview shows it.",
  remedy: "Use `helm.v4.Chart`, which makes every object a resource of the stack.",
  sources: ["https://github.com/pulumi/pulumi-kubernetes/issues/1971"],
  ...eachObject(["helm.sh/Release"], function* ({ body, resource }) {
    if (resource) yield broken(body, "hides what it renders");
  }),
};
