import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { findService, hasPort } from "../kubernetes/services.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

const routes = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].map(
  (kind) => `gateway.networking.k8s.io/${kind}`,
);

export const gatewayRefExists: Rule = {
  id: "gateway-ref-exists",
  title: "Every route hangs on a gateway and leads to a Service",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "The gateways and Services that HTTPRoutes, GRPCRoutes, TLSRoutes, TCPRoutes and UDPRoutes name exist in the stack, the gateways with the listener (`sectionName`), the Services with the port; a Service of another namespace is granted by a ReferenceGrant there. Other kinds of parents and backends are left out.",
  why: "A route without a gateway is never reached, one without a backend answers 500.",
  remedy: "parentRefs:\n  - name: public\nrules:\n  - backendRefs:\n      - name: web\n        port: 80",
  sources: ["https://gateway-api.sigs.k8s.io/api-types/httproute/", "Kubescape C-0253"],
  options: {
    gateways: {
      type: "array",
      items: { type: "string" },
      description: "Gateways that the cluster has, as `namespace/name`.",
      default: [],
    },
  },
  ...eachInStack(routes, function* (route, { stack, options }) {
    const spec = route.body.at("spec");
    const placeOf = (ref: Field) => ref.at("namespace").string || namespaceOf(route);
    yield* each(spec.at("parentRefs").list, function* (parent) {
      const name = parent.at("name").string ?? "";
      if (
        (parent.at("kind").value ?? "Gateway") !== "Gateway" ||
        listOf(options.gateways).includes(`${placeOf(parent)}/${name}`)
      )
        return;
      const gateway = stack.find("gateway.networking.k8s.io/Gateway", placeOf(parent), name);
      const section = parent.at("sectionName");
      if (!gateway) yield broken(parent.at("name"), "is no Gateway that exists");
      else if (section.set && !listenersOf(gateway).includes(section.string))
        yield broken(section, `is no listener of Gateway ${gateway.name}`);
    });
    yield* each(spec.at("rules").list.flatMap(backendsOf), function* (backend) {
      if ((backend.at("kind").value ?? "Service") !== "Service" || backend.at("group").value) return;
      const service = findService(stack, placeOf(backend), backend.at("name").string ?? "");
      if (!service) yield broken(backend.at("name"), "is no Service that exists");
      else if (typeof service !== "string" && !hasPort(service, backend.at("port").value))
        yield broken(backend.at("port"), `is no port of Service ${service.name}`);
      else if (placeOf(backend) !== namespaceOf(route) && !isGranted(backend, route, stack))
        yield broken(
          backend.at("namespace"),
          "is another namespace, in which no ReferenceGrant lets the route use the Service",
          "Add a ReferenceGrant to that namespace.",
        );
    });
  }),
};

/** The backends of a route's rule, those that get a copy of the requests included. */
function backendsOf(rule: Field): Field[] {
  const backends = rule.at("backendRefs").list;
  const mirrors = [rule, ...backends]
    .flatMap((one) => one.at("filters").list)
    .map((filter) => filter.at("requestMirror", "backendRef"));
  return [...backends, ...mirrors.filter((mirror) => mirror.set)];
}

function listenersOf(gateway: KubernetesObject): (string | undefined)[] {
  return gateway.body.at("spec", "listeners").list.map((listener) => listener.at("name").string);
}

/** Whether the namespace of a backend allows routes of another one to use it. */
function isGranted(backend: Field, route: KubernetesObject, stack: Stack): boolean {
  const granting = someOf(stack.ofKind("gateway.networking.k8s.io/ReferenceGrant"), (grant) => {
    const spec = grant.body.at("spec");
    return (
      namespaceOf(grant) === backend.at("namespace").string &&
      spec
        .at("from")
        .list.some(
          (from) => from.at("kind").value === route.kind && from.at("namespace").value === namespaceOf(route),
        ) &&
      spec
        .at("to")
        .list.some(
          (to) =>
            to.at("kind").value === "Service" &&
            (!to.at("name").set || to.at("name").value === backend.at("name").value),
        )
    );
  });
  return granting.length > 0;
}
