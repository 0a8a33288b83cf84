import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { findService, hasPort } from "../kubernetes/services.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

const routes = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].map(
  (kind) => `gateway.networking.k8s.io/${kind}`,
);

export const gatewayRefExists: Rule = {
  id: "gateway-ref-exists",
  title: "Every route hangs on a gateway and leads to a Service",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "The gateways and Services that HTTPRoutes, GRPCRoutes, TLSRoutes, TCPRoutes and UDPRoutes name exist in the stack, and the Services have the port. Other kinds of parents and backends are left out.",
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
      if (!stack.find("gateway.networking.k8s.io/Gateway", placeOf(parent), name))
        yield broken(parent.at("name"), "is no Gateway that exists");
    });
    yield* each(
      spec.at("rules").list.flatMap((rule) => rule.at("backendRefs").list),
      function* (backend) {
        if ((backend.at("kind").value ?? "Service") !== "Service" || backend.at("group").value) return;
        const service = findService(stack, placeOf(backend), backend.at("name").string ?? "");
        if (!service) yield broken(backend.at("name"), "is no Service that exists");
        else if (typeof service !== "string" && !hasPort(service, backend.at("port").value))
          yield broken(backend.at("port"), `is no port of Service ${service.name}`);
      },
    );
  }),
};
