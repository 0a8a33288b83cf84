import { dataStoreRelations } from "./data-store-relations.ts";
import { selectorLabels } from "./names.ts";
import type { PodGroup, Relation } from "./relations.ts";
import type { Service } from "./service.ts";
import {
  dataStoreTargets,
  outgoingRelations,
  ownRelations,
  podsOf,
  routeRelations,
  serviceTargets,
  type Target,
} from "./service-relations.ts";
import type { PlatformModel } from "./system.ts";

type Model = Pick<PlatformModel, "name" | "namespace" | "services" | "jobs" | "data" | "ingresses">;

/** The pods of one of a platform's services. */
export function serviceGroup(
  name: string,
  { name: instance, namespace, services }: Pick<Model, "name" | "namespace" | "services">,
): PodGroup {
  return podsOf(name, { namespace, instance }, services[name]?.labels);
}

/** The pods of one of a platform's jobs. They carry none of the labels that select the service's own. */
export function jobGroup(name: string, { name: instance, namespace }: Pick<Model, "name" | "namespace">): PodGroup {
  return { id: name, namespace, labels: selectorLabels(name, instance) };
}

/**
 * Who may talk to whom in a platform: what services use, what they reach outside, what routes lead to them and what data stores
 * say among themselves. `controller` is the pods of the ingress controller, wherever they run; without one no route is open.
 */
export function platformRelations(model: Model, controller: PodGroup | undefined): Relation[] {
  const { services, data, ingresses, namespace, name: instance } = model;
  const outgoing = (from: PodGroup, { uses, egress }: Service) =>
    outgoingRelations(
      from,
      uses.flatMap((used) => targets(used, model)),
      egress,
    );
  const relations: Relation[] = Object.entries(services).flatMap(([name, service]) => {
    const pods = serviceGroup(name, model);
    return [...outgoing(pods, service), ...ownRelations(name, pods, { namespace, instance }, service)];
  });
  for (const [name, { from }] of Object.entries(model.jobs)) {
    const service = services[from];
    if (service) relations.push(...outgoing(jobGroup(name, model), service));
  }
  for (const [name, store] of Object.entries(data))
    relations.push(...dataStoreRelations(name, namespace, instance, store));
  for (const { routes } of Object.values(ingresses)) {
    for (const { service: name, port } of routes) {
      const service = services[name];
      if (controller && service)
        relations.push(...routeRelations(controller, serviceGroup(name, model), service, port));
    }
  }
  return distinct(relations);
}

/** What a service finds under a name that it uses. */
function targets(used: string, model: Model): Target[] {
  const store = model.data[used];
  if (store) return dataStoreTargets(used, model.namespace, store);
  return serviceTargets(serviceGroup(used, model), model.services[used] ?? { ports: [] });
}

/** Two routes to one service are one relation. */
function distinct(relations: Relation[]): Relation[] {
  return [...new Map(relations.map((relation) => [JSON.stringify(relation), relation])).values()];
}
