import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { makeApplications } from "./applications.ts";
import type { ChartSource } from "./charts/chart.ts";
import { noticeOnce, unknownAddressNotice } from "./charts/notices.ts";
import { connectionTemplates } from "./data/connection.ts";
import { PostgreSQL, type PostgreSQLArgs } from "./data/postgresql.ts";
import { Redis } from "./data/redis.ts";
import { ClusterAddons } from "./edge/cluster-addons.ts";
import { IngressRoutes } from "./edge/ingress-routes.ts";
import { type IssuedSecret, issued } from "./environment.ts";
import { quotaFor, serviceDemand, sharedDemands } from "./model/capacity.ts";
import { dataStoreDemands, existingRange } from "./model/data-store.ts";
import { labelValue, stackLabel } from "./model/names.ts";
import { jobGroup, serviceGroup } from "./model/platform-relations.ts";
import type { Relation } from "./model/relations.ts";
import { inhabited, type PlatformModel, type SecretSource } from "./model/system.ts";
import { veleroCredentials } from "./model/velero.ts";
import { NetworkPolicies } from "./network/network-policies.ts";
import { systemRelations } from "./network/relation-graph.ts";
import { SystemMonitoring } from "./observability/system-monitoring.ts";
import { type Description, describe } from "./outputs.ts";
import { Namespace } from "./security/namespace.ts";
import { Secret, type SecretArgs } from "./security/secret.ts";
import { configMap } from "./workloads/config.ts";

type DataStores = Record<string, PostgreSQL | Redis>;

export interface PlatformArgs {
  /** The system in one environment, with everything decided. */
  model: PlatformModel;
  /** Where charts come from. @default upstream */
  charts?: ChartSource;
  /** Values of the secrets that others issued, by their configuration key; the fingerprint changes when the value does. */
  secrets: Record<string, IssuedSecret>;
}

/** Every object of one system in one environment: add-ons, namespace, secrets, data stores, services, routes and network policies. */
export class Platform extends pulumi.ComponentResource implements Description {
  /** Where the system is reached from outside, by ingress. */
  readonly urls: Record<string, pulumi.Output<string>>;
  readonly services: Description["services"];
  readonly data: Description["data"];
  readonly commands: Description["commands"];

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
        backup: {
          backup: { name: model.name, namespace: model.namespace },
          ...(model.addons.velero?.ownership === "own"
            ? { credentials: issued(args.secrets, veleroCredentials).value }
            : {}),
        },
        pullSecrets: this.#pullSecrets(),
        ...this.#sources(),
      },
      { parent: this },
    );
    this.urls = inhabited(model) ? this.#application(addons, relations) : {};
    ({ services: this.services, data: this.data, commands: this.commands } = describe(model));
    this.registerOutputs({ urls: this.urls });
  }

  /** The namespace and all that lives in it. @returns the addresses by which it is reached from outside. */
  #application(addons: ClusterAddons, relations: Relation[]): Platform["urls"] {
    const { model, secrets } = this.#args;
    const namespace = this.#namespace();
    const inside = { parent: this, dependsOn: [namespace] };
    const policies = new NetworkPolicies(
      `${this.#name}-network`,
      {
        namespace: model.namespace,
        relations,
        network: model.network,
        instance: model.name,
        groups: [
          ...Object.keys(model.services).map((service) => serviceGroup(service, model)),
          ...Object.keys(model.jobs).map((job) => jobGroup(job, model)),
        ],
      },
      inside,
    );
    const stores = this.#stores(namespace);
    const read = { ...stores, ...this.#secrets(namespace, stores), ...this.#configs(namespace) };
    makeApplications({ name: this.#name, parent: this, model, secrets, namespace, policies, read });
    new SystemMonitoring(`${this.#name}-monitoring`, { model }, { parent: this, dependsOn: [addons, namespace] });
    return this.#routes(addons);
  }

  #namespace(): Namespace {
    const { model } = this.#args;
    const demands = [
      ...Object.values(model.services).map(serviceDemand),
      ...Object.values(model.data).flatMap(dataStoreDemands),
      ...sharedDemands(model),
    ];
    return new Namespace(
      `${this.#name}-namespace`,
      {
        namespace: model.namespace,
        instance: model.name,
        labels: { ...model.namespaceLabels, ...(model.stack ? { [stackLabel]: labelValue(model.stack) } : {}) },
        quota: quotaFor(demands, model.quota),
        pullSecrets: this.#pullSecrets(),
      },
      { parent: this, protect: model.protect },
    );
  }

  #configs(namespace: Namespace): Record<string, pulumi.Resource> {
    const { model } = this.#args;
    return Object.fromEntries(
      Object.entries(model.configs).map(([name, data]) => [
        name,
        new k8s.core.v1.ConfigMap(`${this.#name}-${name}`, configMap(name, model.namespace, model.name, data), {
          parent: this,
          dependsOn: [namespace],
        }),
      ]),
    );
  }

  #secrets(namespace: Namespace, stores: DataStores): Record<string, pulumi.Resource> {
    const { model } = this.#args;
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
              Object.entries(keys).map(([key, source]) => [key, this.#secretKey(source, stores)]),
            ),
            ...(model.secretStore ? { store: model.secretStore } : {}),
          },
          { parent: this, dependsOn: [namespace], protect: model.protect },
        ),
      ]),
    );
  }

  /** What a key of a Secret holds, or where it comes from. */
  #secretKey(source: SecretSource, stores: DataStores): SecretArgs["keys"][string] {
    const { model, secrets } = this.#args;
    if ("generate" in source) return source;
    if ("config" in source)
      return model.secretStore ? { stored: source.config } : { value: issued(secrets, source.config).value };
    const { data: name, key } = source;
    const [component, store] = [stores[name], model.data[name]];
    if (!component || !store) throw new Error(`Platform: there is no data store "${name}"`);
    const fetched = model.secretStore && store.existing;
    const template = fetched ? connectionTemplates(name, store, `${name}-password`)[key] : undefined;
    return template ?? { value: component.connection.apply((connection) => connection[key] ?? "") };
  }

  #stores(namespace: Namespace): DataStores {
    const { model } = this.#args;
    return Object.fromEntries(
      Object.entries(model.data).map(([name, store]) => {
        const common = {
          name,
          namespace: model.namespace,
          instance: model.name,
          pullSecrets: model.pullSecrets,
          ...this.#sources(),
          ...(store.existing ? this.#password(`${name}-password`) : {}),
        };
        const opts = { parent: this, dependsOn: [namespace], protect: model.protect };
        if (store.existing && !existingRange(store.existing))
          noticeOnce(unknownAddressNotice(name, store.existing.host), this);
        const made =
          store.engine === "postgresql"
            ? new PostgreSQL(`${this.#name}-${name}`, { ...store, ...common }, opts)
            : new Redis(`${this.#name}-${name}`, { ...store, ...common }, opts);
        return [name, made];
      }),
    );
  }

  /** The password of a managed server. */
  #password(name: string): Pick<PostgreSQLArgs, "password" | "storedPassword"> {
    const { model, secrets } = this.#args;
    if (model.secretStore) return { storedPassword: { store: model.secretStore, name } };
    return { password: issued(secrets, name).value };
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
