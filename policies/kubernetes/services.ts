import type { Field } from "./field.ts";
import { type KubernetesObject, namespaceOf } from "./object.ts";
import { operatorServices } from "./operator-pods.ts";
import { selectsPlainly } from "./selector.ts";
import { ifKnown, type PodGroup, type Stack, someOf } from "./stack.ts";

/** A Service that was looked for: one of the stack, one that an operator makes of an object of the stack, or none. */
export type FoundService = KubernetesObject | "made by an operator" | undefined;

/**
 * The Service of a name, also one that an operator will make.
 * @throws NotKnown
 */
export function findService(stack: Stack, namespace: string, name: string): FoundService {
  const makers = stack.operated.filter((object) => operatorServices(object).includes(name));
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
  let wanted: readonly [string, string][] | undefined;
  return stack.podsMatching(namespaceOf(service), (labels) => {
    wanted ??= Object.entries(selector.texts);
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  });
}

/**
 * Whether a Service of the stack sends traffic to the pods of an object.
 * @throws NotKnown
 */
export function isServed(object: KubernetesObject, stack: Stack): boolean {
  const group = stack.podsOf(object);
  if (!group) return false;
  const served = someOf(
    candidatesFor(group, stack),
    (service) =>
      namespaceOf(service) === group.namespace() && selectsPlainly(service.body.at("spec", "selector"), group.labels()),
  );
  return served.length > 0;
}

/** The Services of a stack by namespace and one label of their selector, and those of which these are not known. */
interface Services {
  readonly byLabel: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly somewhere: readonly KubernetesObject[];
}

const servicesOf = new WeakMap<Stack, Services>();

/** The Services that may select pods: all of them where the labels of the pods are not known. */
function candidatesFor(group: PodGroup, stack: Stack): readonly KubernetesObject[] {
  const own = ifKnown(() => Object.entries(group.labels()).map((label) => keyOf(group.namespace(), label)));
  if (!own) return stack.ofKind("/Service");
  const { byLabel, somewhere } = servicesOf.get(stack) ?? indexed(stack);
  return [...own.flatMap((key) => byLabel.get(key) ?? []), ...somewhere];
}

function indexed(stack: Stack): Services {
  const byLabel = new Map<string, KubernetesObject[]>();
  const somewhere: KubernetesObject[] = [];
  for (const service of stack.ofKind("/Service")) {
    const keys = ifKnown(() =>
      Object.entries(service.body.at("spec", "selector").texts).map((label) => keyOf(namespaceOf(service), label)),
    );
    if (!keys) somewhere.push(service);
    else if (keys[0] !== undefined && !byLabel.get(keys[0])?.push(service)) byLabel.set(keys[0], [service]);
  }
  const services = { byLabel, somewhere };
  servicesOf.set(stack, services);
  return services;
}

function keyOf(namespace: string, [key, value]: readonly [string, string]): string {
  return `${namespace} ${key}=${value}`;
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
