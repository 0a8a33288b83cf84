import { broken, each, eachContainer } from "../judge.ts";
import { hasSecretWord, isSecretName, isSecretSetting, isSecretValue } from "../kubernetes/secrecy.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const option = /^--?([\w-]+)(?:=(.+))?$/s;

export const noSecretInEnvLiteral: Rule = {
  id: "no-secret-in-env-literal",
  title: "No secret is written into a container's environment or command",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No environment variable whose name says that it is a secret (it ends in PASSWORD, TOKEN, API_KEY and the like, or has such a word in it and does not end in one that says where the secret is or how long it lasts) has a literal value, no argument or line of a script gives such a name a value, and no value, argument or command has the form of one: a password in an address or a connection string, a private key, a known kind of token, or 32 or more random characters.",
  why: "Everyone who may look at the workload reads it, and it stays in every history and log of it.",
  remedy:
    "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: web\n        key: db-password",
  sources: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "kube-linter env-var-secret",
    "Polaris sensitiveContainerEnvVar",
    "Kubescape C-0012",
  ],
  ...eachContainer(function* ({ field }) {
    yield* each(field.at("env").list, function* (variable) {
      const value = variable.at("value");
      if (!value.set) return;
      const text = String(value.value);
      if (isSecretSetting(variable.at("name").string ?? "", text) || hasSecretWord(text))
        yield broken(value, "is a secret that is written out");
    });
    for (const key of ["command", "args"]) {
      const words = field.at(key).list;
      yield* each(words.entries(), function* ([index, word]) {
        const text = word.string ?? "";
        const [, name = "", given] = option.exec(text) ?? [];
        const next = words[index + 1];
        const value =
          given ?? (name !== "" && isSecretName(name) && !next?.string?.startsWith("-") ? next?.string : undefined);
        if (hasSecretWord(text) || (value !== undefined && isSecretValue(name, value)))
          yield broken(word, "has a secret that is written out");
      });
    }
  }),
};
