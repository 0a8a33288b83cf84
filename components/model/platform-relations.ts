import { dataStorePeers, dataStoreRelations } from "./data-store-relations.ts";
import { selectorLabels, smokeName } from "./names.ts";
import type { PodGroup, Relation } from "./relations.ts";
import type { Service } from "./service.ts";
import type { PlatformModel } from "./system.ts";

type Model = Pick<PlatformModel, "name" | "namespace" | "services" | "jobs" | "data" | "ingresses">;

/** The pods of one of a platform's services. */
export function serviceGroup(
  name: string,
  { name: instance, namespace, services }: Pick<Model, "name" | "namespace" | "services">,
): PodGroup {
  return { id: name, namespace, labels: { ...selectorLabels(name, instance), ...services[name]?.labels } };
}

/** The pods that check a service's idle colour. */
export function smokeGroup(name: string, { name: instance, namespace }: Pick<Model, "name" | "namespace">): PodGroup {
  return { id: smokeName(name), namespace, labels: selectorLabels(smokeName(name), instance) };
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
  const { services, data, ingresses, namespace } = model;
  const relations: Relation[] = Object.entries(services).flatMap(([name, service]) => [
    ...outgoing(serviceGroup(name, model), service, model),
    ...access(name, service, model),
    ...smoke(name, service, model),
  ]);
  for (const [name, { from }] of Object.entries(model.jobs)) {
    const service = services[from];
    if (service) relations.push(...outgoing(jobGroup(name, model), service, model));
  }
  for (const [name, store] of Object.entries(data))
    relations.push(...dataStoreRelations(name, namespace, model.name, store));
  for (const { routes } of Object.values(ingresses)) {
    for (const { service, port } of routes) {
      const target = services[service]?.ports.find((candidate) => !port || candidate.name === port);
      if (controller && target)
        relations.push({
          from: controller,
          to: serviceGroup(service, model),
          ports: [{ port: target.port }],
          note: "ingress",
        });
    }
  }
  return distinct(relations);
}

/** What pods of a service, and of jobs in its image, may reach. */
function outgoing(from: PodGroup, service: Service, model: Model): Relation[] {
  return [...uses(from, service, model), ...egress(from, service)];
}

function access(name: string, service: Service, model: Model): Relation[] {
  return service.access
    ? [{ from: serviceGroup(name, model), to: "api-server", ports: [], note: "Kubernetes API" }]
    : [];
}

function uses(from: PodGroup, service: Service, model: Model): Relation[] {
  return service.uses.flatMap((target): Relation[] => {
    const store = model.data[target];
    if (store)
      return dataStorePeers(target, model.namespace, store).map(({ peer, port }) => ({
        from,
        to: peer,
        ports: [{ port }],
        ...(store.existing ? { note: store.existing.host } : {}),
      }));
    const ports = (model.services[target]?.ports ?? []).map(({ port, protocol }) => ({ port, protocol }));
    return [{ from, to: serviceGroup(target, model), ports }];
  });
}

function egress(from: PodGroup, service: Service): Relation[] {
  return service.egress.map(({ host, ports }) => ({
    from,
    to: "internet",
    ports: ports.map((port) => ({ port })),
    note: host,
  }));
}

/** The relation is there whether a release is under way or not, so that no release has to change a policy. */
function smoke(name: string, { blueGreen, ports }: Service, model: Model): Relation[] {
  const target = blueGreen && ports.find((port) => !blueGreen.smoke.port || port.name === blueGreen.smoke.port);
  if (!target) return [];
  const to = serviceGroup(name, model);
  return [{ from: smokeGroup(name, model), to, ports: [{ port: target.port }], note: "smoke check" }];
}

/** Two routes to one service are one relation. */
function distinct(relations: Relation[]): Relation[] {
  return [...new Map(relations.map((relation) => [JSON.stringify(relation), relation])).values()];
}
