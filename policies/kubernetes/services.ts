import type { Field } from "./field.ts";
import { type KubernetesObject, namespaceOf } from "./object.ts";
import { operatorServices } from "./operator-pods.ts";
import { selectsPlainly } from "./selector.ts";
import { type PodGroup, type Stack, someOf } from "./stack.ts";

/** A Service that was looked for: one of the stack, one that an operator makes of an object of the stack, or none. */
export type FoundService = KubernetesObject | "made by an operator" | undefined;

/**
 * The Service of a name, also one that an operator will make.
 * @throws NotKnown
 */
export function findService(stack: Stack, namespace: string, name: string): FoundService {
  const makers = stack.objects.filter((object) => operatorServices(object).includes(name));
  if (makers.some((object) => namespaceOf(object) === namespace)) return "made by an operator";
  return stack.find("/Service", namespace, name);
}

/**
 * Whether a Service has a port of the given number or name.
 * @throws NotKnown
 */
export function hasPort(service: KubernetesObject, port: unknown): boolean {
  const ports = service.body.at("spec", "ports").list;
  return someOf(ports, (one) => one.at("port").value === port || one.at("name").value === port).length > 0;
}

/**
 * The pods that a Service sends traffic to.
 * @throws NotKnown if there are none, but may be
 */
export function podsOf(service: KubernetesObject, stack: Stack): PodGroup[] {
  const selector = service.body.at("spec", "selector");
  return stack.podsMatching(namespaceOf(service), (labels) => selectsPlainly(selector, labels));
}

/**
 * Whether a Service of the stack sends traffic to the pods of an object.
 * @throws NotKnown
 */
export function isServed(object: KubernetesObject, stack: Stack): boolean {
  const group = stack.pods.find((pods) => pods.object === object);
  if (!group) return false;
  const served = someOf(
    stack.ofKind("/Service"),
    (service) =>
      namespaceOf(service) === group.namespace() && selectsPlainly(service.body.at("spec", "selector"), group.labels()),
  );
  return served.length > 0;
}

/** The places in an Ingress that name a Service. */
export function backendsOf(ingress: KubernetesObject): Field[] {
  const spec = ingress.body.at("spec");
  const paths = spec
    .at("rules")
    .items()
    .flatMap((rule) => rule.at("http", "paths").items());
  return [spec.at("defaultBackend"), spec.at("backend"), ...paths.map((path) => path.at("backend"))];
}

/** The kinds of Ingress, the old group included. */
export const ingressKinds = ["networking.k8s.io/Ingress", "extensions/Ingress"];
