import { broken, each, eachContainer } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const duplicateEnvKeys: Rule = {
  id: "duplicate-env-keys",
  title: "No environment variable is set twice",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "No name is twice in a container's `env`.",
  why: "The last one counts, and server-side apply refuses the list.",
  remedy: "env:\n  - name: LOG_LEVEL\n    value: info",
  sources: [
    "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    "kube-linter duplicate-env-var",
    "kube-score environment-variable-key-duplication",
    "Kubescape C-0276",
  ],
  ...eachContainer(({ field }) => {
    const seen = new Set<string>();
    return each(field.at("env").list, function* (variable) {
      const name = variable.at("name").string;
      if (name === undefined) return;
      if (seen.has(name)) yield broken(variable.at("name"), "is there twice");
      seen.add(name);
    });
  }),
};
