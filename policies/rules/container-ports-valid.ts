import { broken, each, eachContainer, eachObject, type Verdict } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { groupKind } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

/** A service name as IANA registers them. */
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const label = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export const containerPortsValid: Rule = {
  id: "container-ports-valid",
  title: "Every port has a valid and unique name and number",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "Each port of a container has a `containerPort` from 1 to 65535, given once for each protocol, and a name, if any, of at most 15 lower-case letters, digits and hyphens with a letter in it, given once. The ports of a Service have names, if there is more than one, that are DNS labels, each name and number is there once, and each `targetPort` is a number or name that a container's port can have.",
  why: "The API server refuses most of it only while deploying; of two equal ports one is lost without a word.",
  remedy: "ports:\n  - name: http\n    containerPort: 8080",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
    "kube-linter invalid-target-ports",
    "kube-score container-ports-check",
  ],
  sees: "object",
  appliesTo: (object) => podSpecOf(object) !== undefined || groupKind(object) === "/Service",
  judge: (object, options, facts) =>
    (groupKind(object) === "/Service" ? ofService : ofContainers).judge(object, options, facts),
};

const ofContainers = eachContainer(({ field }) => judgePorts(field.at("ports"), "containerPort", portName, false));
const ofService = eachObject(["/Service"], function* ({ body }) {
  const ports = body.at("spec", "ports");
  yield* judgePorts(ports, "port", label, true);
  yield* each(ports.list, function* (port) {
    const target = port.at("targetPort");
    const isName = typeof target.value === "string" && !/^\d+$/.test(target.value);
    if (target.value && !(isName ? portName.test(String(target.value)) : isPort(Number(target.value))))
      yield broken(target, "is neither a port from 1 to 65535 nor a valid name of one");
  });
});

function* judgePorts(ports: Field, key: string, names: RegExp, needsNames: boolean): Generator<Verdict> {
  const seen = new Set<string>();
  const isNew = (what: string) => !seen.has(what) && Boolean(seen.add(what));
  const all = ports.list;
  yield* each(all, function* (port) {
    const number = port.at(key);
    const name = port.at("name");
    if (!isPort(number.value)) yield broken(number, "is not a port from 1 to 65535");
    else if (!isNew(`${number.value}/${port.at("protocol").value ?? "TCP"}`)) yield broken(number, "is there twice");
    if (!name.set || name.value === "") {
      if (needsNames && all.length > 1) yield broken(name, "is not set, although there is more than one port");
    } else if (!names.test(String(name.value))) yield broken(name, "is not a valid name of a port");
    else if (!isNew(String(name.value))) yield broken(name, "is there twice");
  });
}

function isPort(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
