import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noLegacySaToken: Rule = {
  id: "no-legacy-sa-token",
  title: "No Secret is a ServiceAccount's everlasting token",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No Secret has the type `kubernetes.io/service-account-token`.",
  why: "Such a token never expires and is read by everyone who may read Secrets; the API server gives short-lived ones to pods by itself.",
  remedy: "Remove the Secret; pods get tokens by themselves, and others ask for one with `kubectl create token`.",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
    "Kyverno secrets-not-from-sa-tokens",
  ],
  ...eachObject(["/Secret"], function* ({ body }) {
    if (body.at("type").value === "kubernetes.io/service-account-token")
      yield broken(body.at("type"), "is a ServiceAccount's token");
  }),
};
