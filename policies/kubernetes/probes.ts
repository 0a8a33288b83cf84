import type { Container } from "./containers.ts";
import type { Field } from "./field.ts";
import { isDeclared, type Port } from "./ports.ts";
import { anyOf, type Truth } from "./truth.ts";

/** The four ways in which the kubelet can ask a container. */
const handlers = ["httpGet", "tcpSocket", "exec", "grpc"];

/** The fields of a container in which probes stand. */
export const probeKinds = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

/** Whether a probe is there and says how to ask; the API server refuses one without a handler. */
export function isProbe(probe: Field): Truth {
  return anyOf(...handlers.map((handler) => probe.at(handler).present));
}

/** What is wrong with a field that is no probe, as the end of a sentence. */
export function probeProblem(probe: Field): string {
  return probe.present === true ? "does not say how to ask: by httpGet, tcpSocket, exec or grpc" : "is not set";
}

/**
 * The probes that a container has.
 * @throws NotKnown
 */
export function probesOf({ field }: Container): Field[] {
  return probeKinds.map((kind) => field.at(kind)).filter((probe) => probe.set);
}

/** Everything by which the kubelet may call a container, whether or not it is set: its probes and its lifecycle hooks. */
export function callsOf({ field }: Container): Field[] {
  return [
    ...probeKinds.map((kind) => field.at(kind)),
    field.at("lifecycle", "postStart"),
    field.at("lifecycle", "preStop"),
  ];
}

/**
 * What a probe asks, as a text that is the same for two probes that ask the same; undefined if it asks nothing.
 * @param ports the ports that the container declares, by which a port's name and its number are the same
 * @throws NotKnown
 */
export function questionOf(probe: Field, ports: readonly Port[]): string | undefined {
  const port = (handler: string) => {
    const value = probe.at(handler, "port").value;
    return ports.find((one) => isDeclared(value, [one]))?.number ?? value;
  };
  if (probe.at("httpGet").set) {
    const ask = probe.at("httpGet");
    return JSON.stringify(["http", ask.at("path").value ?? "/", port("httpGet"), ask.at("host").value ?? ""]);
  }
  if (probe.at("tcpSocket").set)
    return JSON.stringify(["tcp", port("tcpSocket"), probe.at("tcpSocket", "host").value ?? ""]);
  if (probe.at("exec").set) return JSON.stringify(["exec", probe.at("exec", "command").whole]);
  if (probe.at("grpc").set) return JSON.stringify(["grpc", port("grpc"), probe.at("grpc", "service").value ?? ""]);
  return undefined;
}
