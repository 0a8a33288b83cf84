import { broken, each, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { bindingKinds, boundRole } from "../kubernetes/rbac.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

const builtIn = /^(admin|edit|view|cluster-admin|system:.*)$/;

export const rbacRefExists: Rule = {
  id: "rbac-ref-exists",
  title: "Every binding names a role and accounts that exist",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "The role of each binding is in the stack or one of Kubernetes' own (`admin`, `edit`, `view`, `cluster-admin`, `system:…`) or configured as there; each ServiceAccount among its subjects is in the stack or called `default`.",
  why: "A binding to nothing gives nothing, until somebody creates what it names.",
  remedy: "Create the Role and the ServiceAccount, or correct their names.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
  ],
  options: {
    roles: { type: "array", items: { type: "string" }, description: "ClusterRoles that the cluster has.", default: [] },
  },
  ...eachInStack(bindingKinds, function* (binding, { stack, options }) {
    const { body } = binding;
    const name = body.at("roleRef", "name");
    yield* each([name], function* () {
      const isKnown =
        body.at("roleRef", "kind").value === "ClusterRole" &&
        (builtIn.test(name.string ?? "") || listOf(options.roles).includes(name.string ?? ""));
      const isOfSystem =
        body.at("roleRef", "kind").value === "Role" &&
        (name.string ?? "").startsWith("extension-apiserver-authentication-reader");
      if (!isKnown && !isOfSystem && !boundRole(binding, stack)) yield broken(name, "does not exist");
    });
    yield* each(body.at("subjects").list, function* (subject) {
      if (subject.at("kind").value !== "ServiceAccount" || subject.at("name").value === "default") return;
      const account = subject.at("name");
      const namespace = subject.at("namespace").string || namespaceOf(binding);
      if (!stack.find("/ServiceAccount", namespace, account.string ?? "")) yield broken(account, "does not exist");
    });
  }),
};
