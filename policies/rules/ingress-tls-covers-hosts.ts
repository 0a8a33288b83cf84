import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { isProvided } from "../kubernetes/provided.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { someOf } from "../kubernetes/stack.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

export const ingressTlsCoversHosts: Rule = {
  id: "ingress-tls-covers-hosts",
  title: "Every host of an Ingress has a certificate",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "The host of each rule is in `tls.hosts`; the Secret of each `tls` is in the stack, or a Certificate or the issuer that an annotation names makes it; that issuer exists. In a Pulumi program that makes no ClusterIssuer, they are taken for the cluster's. An Ingress without `tls` is left to `ingress-tls`.",
  why: "Visitors get the controller's own certificate, and a warning.",
  remedy: "spec:\n  tls:\n    - hosts: [shop.example.com]\n      secretName: shop-tls",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "https://cert-manager.io/docs/usage/ingress/",
  ],
  options: {
    issuers: {
      type: "array",
      items: { type: "string" },
      description: "ClusterIssuers that the cluster has.",
      default: [],
    },
  },
  ...eachInStack(ingressKinds, function* (ingress, { stack, options }) {
    const { body } = ingress;
    const entries = body.at("spec", "tls").list;
    if (entries.length === 0) return;
    yield* each(body.at("spec", "rules").list, function* (rule) {
      const host = rule.at("host").string?.toLowerCase();
      if (
        host &&
        someOf(
          entries.flatMap((tls) => tls.at("hosts").list),
          (covered) => covers(covered.string ?? "", host),
        ).length === 0
      )
        yield broken(rule.at("host"), "is in none of the hosts of tls");
    });
    const issuer = issuerOf(ingress);
    yield* each([issuer], function* (annotation) {
      if (!annotation?.name.set) return;
      const name = annotation.name.string ?? "";
      const exists =
        annotation.kind === "ClusterIssuer"
          ? listOf(options.issuers).includes(name) || stack.find("cert-manager.io/ClusterIssuer", undefined, name)
          : stack.find("cert-manager.io/Issuer", namespaceOf(ingress), name);
      // A program without any ClusterIssuer shares its cluster with the one that makes them.
      const isShared = ingress.resource && stack.ofKind("cert-manager.io/ClusterIssuer").length === 0;
      if (isShared && annotation.kind === "ClusterIssuer") return;
      if (!exists) yield broken(annotation.name, `is no ${annotation.kind} that exists`);
    });
    yield* each(entries, function* (tls) {
      const secret = tls.at("secretName");
      if (secret.string && !issuer && !isProvided(stack, "/Secret", namespaceOf(ingress), secret.string))
        yield broken(secret, "does not exist, and nothing makes it");
    });
  }),
};

/** Whether a host of `tls` covers a host: itself, or its first label by a wildcard. */
function covers(covered: string, host: string): boolean {
  const name = covered.toLowerCase();
  return name === host || (name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1));
}

function issuerOf({ body }: KubernetesObject): { kind: "Issuer" | "ClusterIssuer"; name: Field } | undefined {
  const annotations = body.at("metadata", "annotations");
  const cluster = annotations.at("cert-manager.io/cluster-issuer");
  if (cluster.set) return { kind: "ClusterIssuer", name: cluster };
  const own = annotations.at("cert-manager.io/issuer");
  if (!own.set) return undefined;
  const kind = annotations.at("cert-manager.io/issuer-kind").value === "ClusterIssuer" ? "ClusterIssuer" : "Issuer";
  return { kind, name: own };
}
