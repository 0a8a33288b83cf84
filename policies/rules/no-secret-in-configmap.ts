import { broken, each, eachObject } from "../judge.ts";
import { hasSecret, hasSecretWord, isSecretSetting } from "../kubernetes/secrecy.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noSecretInConfigmap: Rule = {
  id: "no-secret-in-configmap",
  title: "No secret lies in a ConfigMap",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No key of a ConfigMap whose name says that it is a secret has a literal value, no line, JSON or XML in its values gives one to such a name, and no value has the form of one. `binaryData` is looked at decoded.",
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
      if (tells(key, field.string ?? "")) yield broken(field, "has a secret in it");
    });
    yield* each(body.at("binaryData").entries, function* ([key, field]) {
      if (tells(key, decoded(field.string ?? ""))) yield broken(field, "has a secret in it");
    });
  }),
};

/** Whether the text under a key has a secret in it, or is one. */
function tells(key: string, value: string): boolean {
  if (/\.(ba)?sh$/.test(key) || value.startsWith("#!")) return hasSecretWord(value.replaceAll(/^\s*#.*$/gm, ""));
  return hasSecret(value) || (!value.trim().includes("\n") && isSecretSetting(key, value));
}

/** The text that is encoded; empty where it is no text. */
function decoded(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? "" : text;
  } catch {
    return "";
  }
}
