import { broken, each, eachContainer } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const secretsAsFiles: Rule = {
  id: "secrets-as-files",
  title: "Secrets come to containers as files",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "No environment variable is taken from a Secret, by `secretKeyRef` or `envFrom`.",
  why: "The environment goes to every child process and into every dump of a crash; a file is read by whom it is for, and changes with its Secret.",
  remedy: "volumes:\n  - name: secrets\n    secret:\n      secretName: web",
  sources: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "kube-linter read-secret-from-env-var",
    "Kyverno secrets-not-from-env-vars",
    "Checkov CKV_K8S_35",
    "Kubescape C-0207",
  ],
  ...eachContainer(function* ({ field }) {
    yield* each(field.at("env").list, function* (variable) {
      if (variable.at("valueFrom", "secretKeyRef").set)
        yield broken(variable.at("valueFrom", "secretKeyRef"), "takes a Secret into the environment");
    });
    yield* each(field.at("envFrom").list, function* (source) {
      if (source.at("secretRef").set) yield broken(source.at("secretRef"), "takes a Secret into the environment");
    });
  }),
};
