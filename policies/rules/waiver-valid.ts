import { Field } from "../kubernetes/field.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Rule } from "../rule.ts";
import type { Waiver } from "../waivers.ts";

export const waiverValid: Rule = {
  id: "waiver-valid",
  title: "Every waiver still counts and is still needed",
  severity: "high",
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  what: "Each waiver has not expired, and allows something that would break its rule. Waivers name rule, object, reason, owner and expiry; one that lacks something, or names a rule that does not exist, is a mistake in the configuration.",
  why: "A waiver that nobody looks at again is a rule that was switched off, and one that nothing needs hides the next mistake.",
  remedy: "Remove the waiver, or have its owner renew it with a reason that still holds.",
  sources: ["https://github.com/pulumi/pulumi-policy/issues/225"],
  options: {
    waivers: {
      type: "array",
      description:
        "Permissions to break a rule in one place: `rule`, `object`, `container` (optional), `reason`, `owner`, `expires`.",
      items: { type: "object" },
      default: [],
    },
  },
  sees: "judging",
  judge: ({ waivers }) =>
    waivers.flatMap(({ waiver, used, expired, off }) => {
      if (expired) return [{ verdict: "broken", object: placeOf(waiver), path: "expires", problem: "has passed" }];
      if (used || off) return [];
      return [
        { verdict: "broken", object: placeOf(waiver), path: "", problem: "allows nothing that would break its rule" },
      ];
    }),
};

/** What stands for a waiver among the objects that findings name. */
function placeOf({ rule, object, owner }: Waiver): KubernetesObject {
  return {
    apiVersion: "keelson",
    kind: "Waiver",
    namespace: undefined,
    name: `of ${rule} for ${object} (owner: ${owner})`,
    body: Field.root({}),
  };
}
