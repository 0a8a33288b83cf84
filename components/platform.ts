import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "./charts/chart.ts";
import { PostgreSQL } from "./data/postgresql.ts";
import { Redis } from "./data/redis.ts";
import { ClusterAddons } from "./edge/cluster-addons.ts";
import { IngressRoutes } from "./edge/ingress-routes.ts";
import { quotaFor, serviceDemand } from "./model/capacity.ts";
import { dataStoreDemands, dataStoreEndpoints } from "./model/data-store.ts";
import { fromRegistry } from "./model/image.ts";
import { serviceGroup } from "./model/platform-relations.ts";
import { type EnvValue, type Service, servicePort } from "./model/service.ts";
import type { PlatformModel } from "./model/system.ts";
import { NetworkPolicies } from "./network/network-policies.ts";
import { systemRelations } from "./network/relation-graph.ts";
import { Namespace } from "./security/namespace.ts";
import { Secret } from "./security/secret.ts";
import { ApplicationService } from "./workloads/application-service.ts";
import type { ResolvedEnvValue } from "./workloads/workload.ts";

export interface PlatformArgs {
  /** The system in one environment, with everything decided. */
  model: PlatformModel;
  /** Where charts come from. @default upstream */
  charts?: ChartSource;
  /** Values of the secrets that others issued, by their configuration key; the fingerprint changes when the value does. */
  secrets: Record<string, { value: pulumi.Input<string>; fingerprint: string }>;
}

/** Every object of one system in one environment: add-ons, namespace, secrets, data stores, services, routes and network policies. */
export class Platform extends pulumi.ComponentResource {
  /** Where the system is reached from outside, by ingress. */
  readonly urls: Record<string, pulumi.Output<string>>;
  /** Where services are reached in their namespace. */
  readonly services: Record<string, string>;
  /** Where data stores are reached in their namespace, and the Secret with the credentials. */
  readonly data: Record<string, { endpoints: string[]; secret: string }>;
  /** What to type to look around. */
  readonly commands: Record<string, string>;

  readonly #args: PlatformArgs;
  readonly #name: string;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:index:Platform", name, {}, opts);
    this.#args = args;
    this.#name = name;
    const { model } = args;

    const relations = systemRelations(model);
    const addons = new ClusterAddons(
      `${name}-addons`,
      {
        addons: model.addons,
        network: model.network,
        relations,
        guest: model.namespace,
        pullSecrets: this.#pullSecrets(),
        ...this.#sources(),
      },
      { parent: this },
    );
    const namespace = this.#namespace();
    const inside = { parent: this, dependsOn: [namespace] };
    const policies = new NetworkPolicies(
      `${name}-network`,
      {
        namespace: model.namespace,
        relations,
        network: model.network,
        instance: model.name,
        groups: Object.keys(model.services).map((service) => serviceGroup(service, model)),
      },
      inside,
    );
    const secrets = this.#secrets(namespace);
    const stores = this.#stores(namespace);
    this.#services({ ...secrets, ...stores }, policies);
    this.urls = this.#routes(addons);
    ({ services: this.services, data: this.data, commands: this.commands } = describe(model));
    this.registerOutputs({ urls: this.urls });
  }

  #namespace(): Namespace {
    const { model } = this.#args;
    const demands = [
      ...Object.values(model.services).map(serviceDemand),
      ...Object.values(model.data).flatMap(dataStoreDemands),
    ];
    return new Namespace(
      `${this.#name}-namespace`,
      {
        namespace: model.namespace,
        instance: model.name,
        quota: quotaFor(demands, model.quota),
        pullSecrets: this.#pullSecrets(),
      },
      { parent: this, protect: model.protect },
    );
  }

  #secrets(namespace: Namespace): Record<string, pulumi.Resource> {
    const { model, secrets } = this.#args;
    return Object.fromEntries(
      Object.entries(model.secrets).map(([name, keys]) => [
        name,
        new Secret(
          `${this.#name}-${name}`,
          {
            name,
            namespace: model.namespace,
            instance: model.name,
            rotation: model.rotation[name] ?? 0,
            keys: Object.fromEntries(
              Object.entries(keys).map(([key, source]) => [
                key,
                "generate" in source ? source : { value: issued(secrets, source.config).value },
              ]),
            ),
          },
          { parent: this, dependsOn: [namespace], protect: model.protect },
        ),
      ]),
    );
  }

  #stores(namespace: Namespace): Record<string, pulumi.Resource> {
    const { model, secrets } = this.#args;
    return Object.fromEntries(
      Object.entries(model.data).map(([name, store]) => {
        const common = {
          name,
          namespace: model.namespace,
          instance: model.name,
          pullSecrets: model.pullSecrets,
          ...this.#sources(),
          ...(store.existing ? { password: issued(secrets, `${name}-password`).value } : {}),
        };
        const opts = { parent: this, dependsOn: [namespace], protect: model.protect };
        const made =
          store.engine === "postgresql"
            ? new PostgreSQL(`${this.#name}-${name}`, { ...store, ...common }, opts)
            : new Redis(`${this.#name}-${name}`, { ...store, ...common }, opts);
        return [name, made];
      }),
    );
  }

  /** The Docker configuration of each image pull Secret. */
  #pullSecrets(): Record<string, pulumi.Input<string>> {
    const { model, secrets } = this.#args;
    return Object.fromEntries(model.pullSecrets.map((name) => [name, issued(secrets, name).value]));
  }

  /** Where charts and images come from. */
  #sources(): { source?: ChartSource; registry?: string } {
    const { model, charts } = this.#args;
    return { ...(charts ? { source: charts } : {}), ...(model.registry ? { registry: model.registry } : {}) };
  }

  #services(needed: Record<string, pulumi.Resource>, policies: pulumi.Resource): void {
    const { model } = this.#args;
    for (const [name, { env, uses, egress: _, ...service }] of Object.entries(model.services)) {
      const wanted = new Set([
        ...uses,
        ...Object.values(env).flatMap((value) =>
          typeof value === "object" && "secret" in value ? [value.secret] : [],
        ),
      ]);
      new ApplicationService(
        `${this.#name}-${name}`,
        {
          ...service,
          name,
          namespace: model.namespace,
          instance: model.name,
          image: fromRegistry(service.image, model.registry),
          env: Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, this.#envValue(value)])),
          pullSecrets: model.pullSecrets,
          rollout: this.#rollout(env),
        },
        {
          parent: this,
          protect: model.protect,
          dependsOn: [policies, ...[...wanted].flatMap((other) => needed[other] ?? [])],
        },
      );
    }
  }

  #envValue(value: EnvValue): ResolvedEnvValue {
    const { model } = this.#args;
    if (typeof value === "string" || "secret" in value) return value;
    if ("data" in value) return { secret: model.data[value.data]?.connectionSecret.name ?? value.data, key: value.key };
    return serviceUrl(value.service, model.services[value.service], value.path);
  }

  /** What the pods must be restarted for: rotated passwords and newly issued secrets that they read at their start. */
  #rollout(env: Record<string, EnvValue>): Record<string, string> {
    const { model, secrets } = this.#args;
    const marks: [string, string][] = Object.values(env).flatMap((value): [string, string][] => {
      if (typeof value === "string" || "service" in value) return [];
      if ("data" in value) {
        const store = model.data[value.data];
        const mark = store?.existing
          ? issued(secrets, `${value.data}-password`).fingerprint
          : `rotation-${store?.rotation ?? 0}`;
        return [[`secret.${store?.connectionSecret.name ?? value.data}`, mark]];
      }
      const source = model.secrets[value.secret]?.[value.key];
      if (source && "config" in source)
        return [[`secret.${value.secret}.${value.key}`, issued(secrets, source.config).fingerprint]];
      return [[`secret.${value.secret}.${value.key}`, `rotation-${model.rotation[value.secret] ?? 0}`]];
    });
    return Object.fromEntries(marks);
  }

  #routes(addons: ClusterAddons): Record<string, pulumi.Output<string>> {
    const { model } = this.#args;
    return Object.fromEntries(
      Object.entries(model.ingresses).map(([name, ingress]) => {
        const routes = new IngressRoutes(
          `${this.#name}-${name}`,
          {
            name,
            namespace: model.namespace,
            instance: model.name,
            domain: model.domain,
            ingress,
            issuer: model.addons.clusterIssuers?.default ?? "selfsigned",
            services: model.services,
          },
          { parent: this, dependsOn: [addons] },
        );
        return [name, routes.url];
      }),
    );
  }
}

/** Where things are and what to type next. Holds no secret. */
function describe({
  name: system,
  namespace,
  services,
  data,
}: PlatformModel): Pick<Platform, "services" | "data" | "commands"> {
  return {
    services: Object.fromEntries(
      Object.entries(services)
        .filter(([, { ports }]) => ports.length)
        .map(([name, service]) => [name, serviceUrl(name, service)]),
    ),
    data: Object.fromEntries(
      Object.entries(data).map(([name, store]) => [
        name,
        {
          endpoints: dataStoreEndpoints(name, store).map(({ role, host, port }) => `${role} ${host}:${port}`),
          secret: store.connectionSecret.name,
        },
      ]),
    ),
    commands: {
      pods: `kubectl get pods --namespace ${namespace}`,
      logs: `kubectl logs --namespace ${namespace} --selector app.kubernetes.io/instance=${system} --max-log-requests 20 --tail 50`,
      events: `kubectl get events --namespace ${namespace} --sort-by .lastTimestamp`,
      status: `kubectl get deployments,statefulsets,horizontalpodautoscalers,ingresses --namespace ${namespace}`,
    },
  };
}

function serviceUrl(name: string, service: Service | undefined, path = ""): string {
  const [port] = service?.ports ?? [];
  return `http://${name}${port ? `:${servicePort(port)}` : ""}${path}`;
}

function issued(secrets: PlatformArgs["secrets"], name: string): PlatformArgs["secrets"][string] {
  const secret = secrets[name];
  if (!secret)
    throw new Error(`Platform: secrets.${name} is missing; give its value, as the model's secrets ask for it`);
  return secret;
}
