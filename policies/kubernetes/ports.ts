import type { Field } from "./field.ts";
import type { PodSpec } from "./pod-spec.ts";

/** A port as a container declares it. */
export interface Port {
  readonly name: string | undefined;
  readonly number: number | undefined;
  readonly protocol: string;
}

/**
 * The ports that a container declares.
 * @throws NotKnown
 */
export function portsOf(container: Field): Port[] {
  return container.at("ports").list.map((port) => ({
    name: port.at("name").string,
    number: port.at("containerPort").number,
    protocol: port.at("protocol").string ?? "TCP",
  }));
}

/**
 * The ports that the containers and sidecars of a pod declare.
 * @throws NotKnown
 */
export function podPorts(pod: PodSpec): Port[] {
  const sidecars = pod.field.at("initContainers").list.filter((one) => one.at("restartPolicy").string === "Always");
  return [...pod.field.at("containers").list, ...sidecars].flatMap(portsOf);
}

/**
 * Whether a port that is asked for by number or name is among those that are declared.
 * @param protocol the one that it must have; any where it is left out
 */
export function isDeclared(port: unknown, declared: readonly Port[], protocol?: string): boolean {
  // A number in quotes is one too: Kubernetes reads both.
  const number = typeof port === "string" && /^\d+$/.test(port) ? Number(port) : port;
  return declared.some(
    (one) => (one.name === port || one.number === number) && (protocol ?? one.protocol) === one.protocol,
  );
}
