import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { DataStoreComponent } from "../data/data-store.ts";
import { checkServiceName } from "../model/name-lengths.ts";
import type { Member, PodGroup, Relation } from "../model/relations.ts";
import type { Release } from "../model/release.ts";
import { type Service, type ServicePort, serviceHost, serviceSchema } from "../model/service.ts";
import { serviceChecks } from "../model/service-checks.ts";
import {
  outgoingRelations,
  ownRelations,
  type Place,
  podsOf,
  serviceTargets,
  type Target,
} from "../model/service-relations.ts";
import { parseArgs } from "../plain.ts";
import { inNamespace, type NamespaceInput, namespaceInput, namespaceName } from "../security/namespace.ts";
import { accessObjects } from "./access.ts";
import { colorService, isColored, smokeJob } from "./blue-green.ts";
import { literalEnv } from "./env.ts";
import { daemonSet, deployment, statefulSet } from "./pods.ts";
import { autoscaler, disruptionBudget, headlessService, service, verticalAutoscaler } from "./satellites.ts";
import { secretMark } from "./secret-mark.ts";
import { checkArguments } from "./service-arguments.ts";
import { releaseMinimum, type TrackWorkload, trackWorkloads } from "./tracks.ts";
import { claims, configMapName, fileData } from "./volumes.ts";
import {
  minimumReplicas,
  type ResolvedEnvFrom,
  type ResolvedEnvValue,
  type Workload,
  workloadMetadata,
} from "./workload.ts";

/** What an application service is; see `serviceSchema` for each field's meaning and default. */
export interface ApplicationServiceArgs extends Omit<z.input<typeof serviceSchema>, "env" | "envFrom" | "uses"> {
  /** Name of the workload, its Service and its ServiceAccount. @default the component's name */
  name?: string;
  /** Where it runs. As an Output it works too, but then its `group` is no end of relations. */
  namespace: NamespaceInput;
  /** Value of app.kubernetes.io/instance: what the service is a part of. @default the service's name */
  instance?: string;
  /** Literal variables, or keys of Secrets in the namespace. A secret Output is refused: it belongs under `secretEnv`. @default {} */
  env?: Record<string, ResolvedEnvValue>;
  /** ConfigMaps and Secrets in the namespace, each key as a variable of the same name. A variable under env wins. @default [] */
  envFrom?: ResolvedEnvFrom[];
  /**
   * Variables with secret values, kept in a Secret of the service's own, `<name>-env`. A changed value rolls the pods: a digest of
   * all of them, under a generated key that only the state has, is in an annotation. @default {}
   */
  secretEnv?: Record<string, pulumi.Input<string>>;
  /**
   * Services and data stores that it calls: `NetworkPolicies` opens the way to them, and its pods wait for the data stores. Of two
   * services that call each other, the other direction is a relation from one's `group` to the other's. @default []
   */
  uses?: (ApplicationService | DataStoreComponent)[];
  /** Names of existing image pull Secrets. @default [] */
  pullSecrets?: string[];
  /** What must roll the pods when it changes, such as a checksum or a rotation number. @default {} */
  rollout?: Record<string, string>;
  /** Where a release stands, with `blueGreen`. @default the first deployment, blue */
  release?: Release;
}

/**
 * An application service: its workload (Deployment, StatefulSet or DaemonSet) with Service, ServiceAccount, configuration,
 * volumes, autoscaler and disruption budget. With `opts.protect` exactly its claims, or the StatefulSet that makes them, are
 * protected. Throws one error with all problems where the arguments do not fit together.
 *
 * The provider needs `enableConfigMapMutable` and `enableSecretMutable`: without them changed `files` and `secretEnv` replace the
 * objects that running pods mount and read.
 */
export class ApplicationService extends pulumi.ComponentResource implements Member {
  /** Name of the Service in the cluster. Without ports there is none. */
  readonly serviceName: pulumi.Output<string> | undefined;
  /** The workload itself; of two colours, the one with the traffic. */
  readonly workload: k8s.apps.v1.Deployment | k8s.apps.v1.StatefulSet | k8s.apps.v1.DaemonSet;
  /** Name of the workload. */
  readonly name: string;
  /** Its ports, as it declares them. */
  readonly ports: ServicePort[];
  /** Name under which pods of its namespace reach it. */
  readonly host: string;

  readonly #model: ServiceModel;
  readonly #uses: Target[];

  constructor(name: string, args: ApplicationServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:workloads:ApplicationService", name, {}, { ...inNamespace(args.namespace, opts), protect: false });
    const workload = normalize(name, args);
    const { secretEnv = {} } = args;
    const hasSecrets = Object.keys(secretEnv).length > 0;
    if (hasSecrets) workload.rollout[`secret.${workload.name}-env`] = secretMark(name, secretEnv, this);
    const metadata = workloadMetadata(workload);
    const child = { parent: this };
    const { uses = [] } = args;
    this.#model = workload;
    this.#uses = uses.flatMap(({ targets }) => targets);
    this.name = workload.name;
    this.ports = workload.ports;
    this.host = serviceHost(workload.name, workload);

    new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, child);
    const needed: pulumi.Resource[] = uses.filter((used) => used instanceof DataStoreComponent);
    if (workload.access) {
      const { role, binding } = accessObjects(workload, workload.access);
      new k8s.rbac.v1.Role(`${name}-role`, role, child);
      needed.push(new k8s.rbac.v1.RoleBinding(`${name}-rolebinding`, binding, child));
    }
    if (Object.keys(workload.files).length) {
      needed.push(
        new k8s.core.v1.ConfigMap(
          `${name}-files`,
          { metadata: { ...metadata, name: configMapName(workload) }, data: fileData(workload) },
          child,
        ),
      );
    }
    if (hasSecrets) {
      needed.push(
        new k8s.core.v1.Secret(
          `${name}-env`,
          { metadata: workloadMetadata(workload, "-env"), stringData: secretEnv },
          child,
        ),
      );
    }
    if (workload.kind !== "StatefulSet") {
      for (const { volume, metadata, spec } of claims(workload)) {
        needed.push(
          new k8s.core.v1.PersistentVolumeClaim(
            `${name}-${volume}`,
            { metadata, spec },
            { ...child, ...(opts?.protect ? { protect: true } : {}) },
          ),
        );
      }
    }

    const protect = opts?.protect ?? false;
    const [active, idle] = trackWorkloads(workload, args.release);
    const live = this.createTrack(name, active, { dependsOn: needed, protect, alone: !idle });
    this.workload = live.workload;
    const switched: pulumi.Resource[] = [];
    if (workload.ports.length) {
      // Traffic goes to another colour only after that is up and has passed its check.
      const after = active.workload.color ? { dependsOn: live.ready } : {};
      const made = new k8s.core.v1.Service(`${name}-service`, service(workload, active.workload), {
        ...child,
        ...after,
      });
      this.serviceName = made.metadata.name;
      switched.push(made);
    }
    // The idle colour is touched only after the traffic has left it.
    if (idle) this.createTrack(name, idle, { dependsOn: [...needed, ...switched], protect, alone: false });
    if (workload.kind === "StatefulSet") new k8s.core.v1.Service(`${name}-headless`, headlessService(workload), child);
    const scaler = autoscaler(workload, active.workload, releaseMinimum(workload, args.release));
    const after = active.workload.color ? { dependsOn: switched } : {};
    if (scaler) new k8s.autoscaling.v2.HorizontalPodAutoscaler(`${name}-hpa`, scaler, { ...child, ...after });
    const vertical = verticalAutoscaler(workload, active.workload);
    if (vertical) new k8s.apiextensions.CustomResource(`${name}-vpa`, { ...vertical }, { ...child, ...after });
    this.registerOutputs({ serviceName: this.serviceName });
  }

  get #place(): Place {
    const { namespace, instance } = this.#model;
    return { namespace: namespaceName(namespace, `ApplicationService "${this.name}"`), instance };
  }

  /** Its pods, as one end of relations. @throws where the namespace is an Output */
  get group(): PodGroup {
    return podsOf(this.name, this.#place, this.#model.labels);
  }

  get groups(): PodGroup[] {
    return [this.group];
  }

  /** What it calls and what its pods are told: what it uses, hosts outside, the Kubernetes API, the check before a release. */
  get relations(): Relation[] {
    const pods = this.group;
    return [
      ...outgoingRelations(pods, this.#uses, this.#model.egress),
      ...ownRelations(this.name, pods, this.#place, this.#model),
    ];
  }

  /** What those reach that use it. */
  get targets(): Target[] {
    return serviceTargets(this.group, this.#model);
  }

  /** One set of pods with what belongs to it alone. @returns the workload, and what must be there before it may get traffic. */
  private createTrack(
    name: string,
    { workload, check, replicas }: TrackWorkload,
    { dependsOn, protect, alone }: { dependsOn: pulumi.Resource[]; protect: boolean; alone: boolean },
  ): { workload: ApplicationService["workload"]; ready: pulumi.Resource[] } {
    const child = { parent: this };
    const made = this.createWorkload(name, workload, replicas, dependsOn, protect);
    const part = workload.color ? `${name}-${workload.color}` : name;
    if (minimumReplicas(workload) > 1)
      new k8s.policy.v1.PodDisruptionBudget(`${part}-pdb`, disruptionBudget(workload), child);
    if (alone || !isColored(workload)) return { workload: made, ready: [made] };
    const own = new k8s.core.v1.Service(`${part}-service`, colorService(workload), child);
    if (!check) return { workload: made, ready: [made] };
    const { timeoutSeconds } = workload.blueGreen.smoke;
    const job = new k8s.batch.v1.Job(`${part}-smoke`, smokeJob(workload, check), {
      ...child,
      dependsOn: [made, own],
      // The Job ends itself before.
      customTimeouts: { create: `${timeoutSeconds + 60}s`, update: `${timeoutSeconds + 60}s` },
    });
    return { workload: made, ready: [made, job] };
  }

  private createWorkload(
    name: string,
    workload: Workload,
    replicas: number | undefined,
    dependsOn: pulumi.Resource[],
    protect: boolean,
  ): ApplicationService["workload"] {
    const timeout = `${workload.timeoutSeconds}s`;
    const opts: pulumi.CustomResourceOptions = {
      parent: this,
      dependsOn,
      customTimeouts: { create: timeout, update: timeout },
      // The autoscaler owns the number. Left out and not ignored, server-side apply would drop a running workload to one pod.
      ...(workload.autoscaling && replicas === undefined ? { ignoreChanges: ["spec.replicas"] } : {}),
    };
    switch (workload.kind) {
      case "Deployment":
        return new k8s.apps.v1.Deployment(
          `${name}-${workload.color ?? "deployment"}`,
          deployment(workload, replicas),
          opts,
        );
      case "StatefulSet":
        return new k8s.apps.v1.StatefulSet(`${name}-statefulset`, statefulSet(workload), { ...opts, protect });
      case "DaemonSet":
        return new k8s.apps.v1.DaemonSet(`${name}-daemonset`, daemonSet(workload), opts);
    }
  }
}

/** A workload, and the hosts outside that it talks to. */
type ServiceModel = Workload & Pick<Service, "egress">;

function normalize(componentName: string, args: ApplicationServiceArgs): ServiceModel {
  const {
    name = componentName,
    namespace,
    instance = name,
    env = {},
    envFrom = [],
    secretEnv = {},
    pullSecrets = [],
    rollout = {},
    release,
    uses,
    ...model
  } = args;
  const what = `ApplicationService "${componentName}"`;
  const place = { name, namespace: namespaceInput(namespace), instance };
  const service = parseArgs(serviceSchema, model, what, {
    problems: checkArguments({ ...place, env, envFrom, secretEnv, uses, pullSecrets, rollout, release }),
    checks: [...serviceChecks, (service) => checkServiceName(name, service)],
  });
  const own = Object.fromEntries(
    Object.keys(secretEnv).map((variable) => [variable, { secret: `${name}-env`, key: variable }]),
  );
  return {
    ...service,
    ...place,
    env: { ...literalEnv(env, what), ...own },
    envFrom,
    pullSecrets,
    rollout: { ...rollout },
  };
}
