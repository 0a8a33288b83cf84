import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ChartEntry } from "../charts/catalogue.ts";
import { type ChartSource, type ChartValues, helmChart } from "../charts/chart.ts";
import { bitnamiNotice, noticeOnce } from "../charts/notices.ts";
import { changeObjects, protectStatefulSets, skipServiceAwait } from "../charts/transforms.ts";
import {
  authSecretName,
  type DataStore,
  dataStoreEndpoints,
  dataStorePeers,
  dataStoreRelations,
} from "../model/data-store.ts";
import { standardLabels } from "../model/names.ts";
import { isPodGroup, type Member, type PodGroup, type Relation } from "../model/relations.ts";
import type { SecretStore } from "../model/secret-store.ts";
import { dataStoreTargets, type Target } from "../model/service-relations.ts";
import { externalSecret } from "../security/external-secret.ts";
import type { NamespaceRef } from "../security/namespace.ts";
import { generatedPasswords } from "../security/password.ts";
import { connectionData, connectionTemplates, primaryOf } from "./connection.ts";
import { storeAt } from "./existing.ts";

/** What every data store component takes beside its own model. */
export interface DataStoreArgs {
  /** Name of the store: release, Services and Secrets in the cluster are made of it. @default the component's name */
  name?: string;
  /** Where it runs. An Output does not fit: charts are known at preview. */
  namespace: NamespaceRef;
  /** Value of app.kubernetes.io/instance on the Secrets: what the store is a part of. @default the store's name */
  instance?: string;
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the image's own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
  /** Password of an existing server. Needed with `existing`, refused without: passwords are generated then. */
  password?: pulumi.Input<string>;
  /** In place of a password, where External Secrets Operator finds that of an existing server. */
  storedPassword?: StoredPassword;
}

/** The same with the name of the namespace. */
export type PlacedArgs = DataStoreArgs & { namespace: string };

/** A password that is in a secret store: which store, and its name there. */
export interface StoredPassword {
  store: SecretStore;
  name: string;
}

/** Letters and digits, so that it fits into any URL and any client: 32 of them are 190 bits. */
const passwordLength = 32;

/** A parsed store and how its engine's chart is installed. */
interface Plan {
  store: DataStore;
  /** Host of an existing server, where it is an Output; the store has a stand-in then. */
  host?: pulumi.Output<string> | undefined;
  entry: ChartEntry;
  values: ChartValues;
  /** Keys of the generated passwords in the chart's Secret; the first is the one that applications use. */
  passwordKeys: readonly [string, ...string[]];
  /** Those of them that the chart's Secret holds as they first were: the server keeps its own. @default none */
  keptKeys?: readonly string[];
  /** Makes the server know a rotated password before it is used; what it returns is known only then. @default nothing to do */
  makeLogin?: (password: pulumi.Output<string>, opts: Operation) => pulumi.Output<string>;
  /** Makes what looks after the data, such as backups. @default nothing */
  operate?: (opts: Operation & { protect: boolean }) => void;
}

/** Where the objects of an operation belong, and what they come after. */
interface Operation {
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/**
 * What PostgreSQL and Redis have in common. With `opts.protect`, exactly the generated passwords, their Secrets and the
 * StatefulSets are protected: volumes and passwords live and die together, and the rest of the chart stays free to change.
 * Volumes outlive the chart; they go with their namespace.
 */
export abstract class DataStoreComponent extends pulumi.ComponentResource implements Member {
  /** The pods of its servers; none for one that somebody else runs. */
  readonly groups: PodGroup[];
  /** What its pods say to each other, replicas to the primary, and what its Jobs say to it. */
  readonly relations: Relation[];
  /** What those reach that use it. */
  readonly targets: Target[];
  /** Host name of the server that takes writes. */
  readonly host: pulumi.Output<string>;
  /** Its port. */
  readonly port: pulumi.Output<number>;
  /** Name of the Secret that applications read. */
  readonly connectionSecret: pulumi.Output<string>;

  /** What the connection Secret holds; undefined where the operator fetches it. */
  readonly #connection: pulumi.Output<Record<string, string>> | undefined;
  readonly #store: DataStore;
  readonly #label: string;

  constructor(type: string, name: string, args: PlacedArgs, plan: Plan, opts: pulumi.ComponentResourceOptions = {}) {
    super(type, name, {}, { ...opts, protect: false });
    const { store, passwordKeys, host } = plan;
    this.#store = store;
    this.#label = `data store "${name}"`;
    const storeName = args.name ?? name;
    const protect = (opts.protect ?? false) && !store.existing;
    const labels = (object: string) => standardLabels(object, args.instance ?? storeName, { component: "database" });
    const secret = (suffix: string, object: string, stringData: pulumi.Input<Record<string, pulumi.Input<string>>>) =>
      new k8s.core.v1.Secret(
        `${name}-${suffix}`,
        { metadata: { name: object, namespace: args.namespace, labels: labels(object) }, stringData },
        { parent: this, protect, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
      );

    const kept = plan.keptKeys ?? [];
    const generated = store.existing
      ? []
      : passwordKeys.map((key, index) => {
          const rotation = index > 0 && kept.includes(key) ? 0 : store.rotation;
          return { key, ...generatedPasswords(`${name}-${key}`, passwordLength, rotation, { parent: this, protect }) };
        });
    const auth = store.existing
      ? undefined
      : secret(
          "auth",
          authSecretName(storeName),
          Object.fromEntries(generated.map(({ key, first, current }) => [key, kept.includes(key) ? first : current])),
        );
    const given = pulumi.secret(generated[0]?.current ?? args.password ?? "");
    const operation = { parent: this, dependsOn: auth ? [auth] : [] };
    const password = store.rotation && auth && plan.makeLogin ? plan.makeLogin(given, operation) : given;
    if (args.storedPassword) {
      this.connectionSecret = this.#fetched(name, args.storedPassword, { ...args, name: storeName }, store, opts);
    } else {
      this.#connection = pulumi
        .all([password, host])
        .apply(([value, at]) => connectionData(storeName, storeAt(store, at, this.#label), value));
      this.connectionSecret = secret("connection", store.connectionSecret.name, this.#connection).metadata.name;
    }

    if (auth) {
      helmChart(
        `${name}-chart`,
        {
          entry: plan.entry,
          source: args.source,
          release: storeName,
          namespace: args.namespace,
          values: plan.values,
          transforms: [changeObjects(skipServiceAwait), ...(protect ? [protectStatefulSets] : [])],
        },
        { parent: this, dependsOn: auth },
      );
      plan.operate?.({ ...operation, protect });
      if (!store.image) noticeOnce(bitnamiNotice, this);
      const named = namedService(storeName, store);
      if (named) {
        const metadata = { ...named.metadata, namespace: args.namespace, labels: labels(named.metadata.name) };
        new k8s.core.v1.Service(
          `${name}-service`,
          { ...named, metadata },
          { parent: this, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
        );
      }
    }

    const { namespace } = args;
    this.groups = dataStorePeers(storeName, namespace, store).flatMap(({ peer }) => (isPodGroup(peer) ? [peer] : []));
    this.relations = dataStoreRelations(storeName, namespace, args.instance ?? storeName, store);
    const targets = dataStoreTargets(storeName, namespace, store);
    this.targets = host ? targets.map(({ note: _standIn, ...target }) => target) : targets;
    const primary = primaryOf(storeName, store);
    this.host = host ?? pulumi.output(primary.host);
    this.port = pulumi.output(primary.port);
    this.registerOutputs({
      host: this.host,
      port: this.port,
      connectionSecret: this.connectionSecret,
      ...(this.#connection ? { url: this.url } : {}),
    });
  }

  /** All that the connection Secret holds, by key; a secret. Throws with `storedPassword`: only the operator knows that. */
  get connection(): pulumi.Output<Record<string, string>> {
    if (this.#connection) return this.#connection;
    const { name } = this.#store.connectionSecret;
    throw new Error(
      `${this.#label} has a storedPassword, which this program never sees; read it from the Secret "${name}" that External Secrets Operator makes, such as env: { DATABASE_URL: { secret: "${name}", key: "${this.#store.connectionSecret.urlKey}" } }`,
    );
  }

  /** Connection URL with the password in it; a secret. Throws with `storedPassword`, as `connection` does. */
  get url(): pulumi.Output<string> {
    const { urlKey } = this.#store.connectionSecret;
    return this.connection.apply((data) => data[urlKey] ?? "");
  }

  /** The connection Secret of an existing server whose password the operator fetches. */
  #fetched(
    name: string,
    { store, name: stored }: StoredPassword,
    args: PlacedArgs & { name: string },
    model: DataStore,
    opts: pulumi.ComponentResourceOptions,
  ): pulumi.Output<string> {
    const keys = connectionTemplates(args.name, model, stored);
    const { name: secretName } = model.connectionSecret;
    const { namespace, instance = args.name } = args;
    const made = new k8s.apiextensions.CustomResource(
      `${name}-connection`,
      externalSecret({ name: secretName, namespace, instance, store, keys, merge: false }),
      { parent: this, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
    );
    return made.metadata.apply(() => secretName);
  }
}

/** The Service under the name that the model asks for, where the chart calls its own otherwise. */
function namedService(name: string, store: DataStore) {
  const [primary] = dataStoreEndpoints(name, store);
  if (!primary?.podLabels || primary.host === primary.chartHost) return undefined;
  const { host, port, podLabels } = primary;
  return {
    // The chart's StatefulSet waits for the pods behind it.
    metadata: { name: host, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: { type: "ClusterIP", selector: podLabels, ports: [{ name: store.engine, port, targetPort: port }] },
  };
}
