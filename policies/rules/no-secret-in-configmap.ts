import { broken, each, eachObject } from "../judge.ts";
import { hasSecret, isSecretSetting } from "../kubernetes/secrecy.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noSecretInConfigmap: Rule = {
  id: "no-secret-in-configmap",
  title: "No secret lies in a ConfigMap",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No key of a ConfigMap whose name says that it is a secret has a literal value, no line in its values gives one to such a name, and no value has the form of one. `binaryData` is looked at decoded.",
  why: "ConfigMaps are read by everyone who may look around, and are not encrypted where Secrets are.",
  remedy: "Keep the value in a Secret, and have what reads the file take it from the environment.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "Polaris sensitiveConfigmapContent",
    "Trivy KSV-0109, 01010",
    "Kubescape C-0012",
  ],
  ...eachObject(["/ConfigMap"], function* ({ body }) {
    yield* each(body.at("data").entries, function* ([key, field]) {
      const value = field.string ?? "";
      if (hasSecret(value) || (!value.includes("\n") && isSecretSetting(key, value)))
        yield broken(field, "has a secret in it");
    });
    yield* each(body.at("binaryData").entries, function* ([, field]) {
      if (hasSecret(atobOr(field.string ?? ""))) yield broken(field, "has a secret in it");
    });
  }),
};

function atobOr(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}
