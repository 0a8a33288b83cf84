import { broken, each, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { backendsOf, findService, hasPort, ingressKinds } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const ingressBackendExists: Rule = {
  id: "ingress-backend-exists",
  title: "Every Ingress sends to a Service that exists",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each backend that is no `resource` names a Service, which is in the Ingress's namespace and has the port, by number or name.",
  why: "The controller answers 503, and the deployment succeeds all the same.",
  remedy: "backend:\n  service:\n    name: web\n    port:\n      name: http",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "kube-linter dangling-ingress",
    "kube-score ingress-targets-service",
    "Kubescape C-0253",
  ],
  ...eachInStack(ingressKinds, (ingress, { stack }) =>
    each(backendsOf(ingress), function* (backend) {
      // Before networking.k8s.io/v1 name and port stood beside each other.
      const isOld = ingress.apiVersion !== "networking.k8s.io/v1" && backend.at("serviceName").set;
      const name = isOld ? backend.at("serviceName") : backend.at("service", "name");
      if (!name.set) {
        if (backend.set && !backend.at("resource").set) yield broken(backend, "names no Service");
        return;
      }
      // The load balancer controller of AWS takes such names for actions that an annotation describes.
      if (backend.at("service", "port", "name").value === "use-annotation") return;
      const service = findService(stack, namespaceOf(ingress), name.string ?? "");
      if (!service) yield broken(name, "does not exist");
      else if (typeof service !== "string") {
        const ports = backend.at("service", "port");
        const port = isOld ? backend.at("servicePort") : ports.at(ports.at("name").set ? "name" : "number");
        if (!hasPort(service, port.value)) yield broken(port, `is no port of Service ${service.name}`);
      }
    }),
  ),
};
