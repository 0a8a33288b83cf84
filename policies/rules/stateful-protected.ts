import { broken, eachObject } from "../judge.ts";
import { claimKinds } from "../kubernetes/claims.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const statefulProtected: Rule = {
  id: "stateful-protected",
  title: "Nothing that holds data can be deleted by mistake",
  severity: "high",
  levels: advisoryFrom("staging"),
  what: "In a Pulumi program each PersistentVolumeClaim, each StatefulSet with claim templates, and each generated secret (`random:…`) that pods need has the option `protect`. Manifests have no such thing.",
  why: "Deleting the resource deletes the data; with `protect`, `pulumi up` refuses.",
  remedy: "Give the resource the option `protect: true`; for what a chart renders, by a transform.",
  sources: ["https://www.pulumi.com/docs/iac/concepts/options/protect/"],
  ...eachObject(claimKinds, function* ({ resource, body, kind }) {
    if (!resource || resource.protect) return;
    if (kind === "PersistentVolumeClaim" || body.at("spec", "volumeClaimTemplates").list.length > 0)
      yield broken(body, "has not the option protect");
  }),
};
