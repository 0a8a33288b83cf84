import type { Field } from "./field.ts";
import { anyOf, type Truth } from "./truth.ts";

/** The four ways in which the kubelet can ask a container. */
const handlers = ["httpGet", "tcpSocket", "exec", "grpc"];

/** Whether a probe is there and says how to ask; the API server refuses one without a handler. */
export function isProbe(probe: Field): Truth {
  return anyOf(...handlers.map((handler) => probe.at(handler).present));
}

/** What is wrong with a field that is no probe, as the end of a sentence. */
export function probeProblem(probe: Field): string {
  return probe.present === true ? "does not say how to ask: by httpGet, tcpSocket, exec or grpc" : "is not set";
}
