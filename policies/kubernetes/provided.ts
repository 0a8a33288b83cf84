import { type KubernetesObject, nameIn, namespaceOf } from "./object.ts";
import { operatorSecrets } from "./operator-pods.ts";
import type { Stack } from "./stack.ts";

type Names = (object: KubernetesObject) => readonly string[];

const named =
  (...path: string[]): Names =>
  (object) => [object.body.at(...path).string || nameIn(object)];

/** Custom resources of which an operator makes a Secret, and how it is called. */
const secretMakers: Readonly<Record<string, Names>> = {
  "cert-manager.io/Certificate": ({ body }) => [body.at("spec", "secretName").string ?? ""],
  "external-secrets.io/ExternalSecret": named("spec", "target", "name"),
  "bitnami.com/SealedSecret": named("spec", "template", "metadata", "name"),
  "secrets.hashicorp.com/VaultStaticSecret": named("spec", "destination", "name"),
  "secrets.hashicorp.com/VaultDynamicSecret": named("spec", "destination", "name"),
  "postgresql.cnpg.io/Cluster": operatorSecrets,
  "networking.k8s.io/Ingress": (object) => madeForIngress(object),
  "batch/Job": (object) => madeByJob(object),
};

/** Custom resources of which an operator makes a ConfigMap. */
const configMapMakers: Readonly<Record<string, Names>> = {
  "trust.cert-manager.io/Bundle": (object) => [nameIn(object)],
};

/**
 * Whether a Secret or ConfigMap is in the stack, or something in the stack makes it.
 * @param kind `/Secret` or `/ConfigMap`
 * @throws NotKnown
 */
export function isProvided(stack: Stack, kind: string, namespace: string, name: string): boolean {
  return isMade(stack, kind, namespace, name) || stack.find(kind, namespace, name) !== undefined;
}

/**
 * Whether something in the stack makes a Secret or ConfigMap, so that only its name is known.
 * @throws NotKnown
 */
export function isMade(stack: Stack, kind: string, namespace: string, name: string): boolean {
  if (kind === "/ConfigMap" && name === "kube-root-ca.crt") return true;
  const makers = Object.entries(kind === "/Secret" ? secretMakers : configMapMakers);
  return makers.some(([maker, names]) =>
    stack
      .ofKind(maker)
      .some(
        (object) => names(object).includes(name) && (maker.startsWith("trust.") || namespaceOf(object) === namespace),
      ),
  );
}

/** The Secrets that a Job makes which says so in its arguments, as kube-webhook-certgen does in many charts. */
function madeByJob({ body }: KubernetesObject): string[] {
  return body
    .at("spec", "template", "spec", "containers")
    .list.flatMap((container) => container.at("args").strings)
    .flatMap((word) => /^--secret-name=(.+)$/.exec(word)?.[1] ?? []);
}

/** The Secrets that cert-manager makes for an Ingress with its annotation. */
function madeForIngress({ body }: KubernetesObject): string[] {
  const annotations = body.at("metadata", "annotations");
  const isAsked = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme"].some(
    (key) => annotations.at(key).set,
  );
  return isAsked ? body.at("spec", "tls").list.flatMap((tls) => tls.at("secretName").string ?? []) : [];
}
