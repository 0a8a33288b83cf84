import { broken, each, eachObject } from "../judge.ts";
import { groupKind } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const guarded =
  /^(\*|spec|data|stringData|rules|subjects|spec\.template(\.spec.*)?|spec\.rules.*|spec\.ingress.*|spec\.egress.*|spec\.podSelector.*|.*securityContext.*)$/;

export const noUnsafeOpts: Rule = {
  id: "no-unsafe-opts",
  title: "Nothing is kept from being looked after",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "No resource of a Pulumi program ignores changes of what these rules guard (its spec as a whole, pods, rules, data), none that serves is deleted before it is replaced, and none has the annotation `pulumi.com/skipAwait`, in manifests too.",
  why: "An ignored change is one that the program believes to be done; what is not waited for may never come.",
  remedy: "Remove the option, or ignore only the field that something else sets, such as `spec.replicas`.",
  sources: ["https://www.pulumi.com/docs/iac/concepts/options/"],
  ...eachObject(undefined, function* (object) {
    const { body, resource } = object;
    const skipped = body.at("metadata", "annotations", "pulumi.com/skipAwait");
    yield* each([skipped], function* () {
      if (skipped.value === "true" || skipped.value === true) yield broken(skipped, "keeps Pulumi from waiting");
    });
    if (resource?.ignoreChanges?.some((path) => guarded.test(path)))
      yield broken(body, "ignores changes of what the rules guard");
    const serves = podSpecOf(object) !== undefined || groupKind(object) === "/Service";
    if (resource?.deleteBeforeReplace && serves) yield broken(body, "is deleted before it is replaced");
  }),
};
