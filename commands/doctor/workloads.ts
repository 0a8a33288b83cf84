import { dataStoreEndpoints } from "../../components/model/data-store.ts";
import { releaseTracks } from "../../components/model/release.ts";
import type { PlatformModel } from "../../components/model/system.ts";
import { type ClusterFacts, condition, type Live } from "./facts.ts";
import { type Finding, together, unseen } from "./verdict.ts";

/** 000-CHK-7, 000-CHK-8: every pod runs and passes its checks. */
export function pods({ pods: all }: ClusterFacts, { namespace }: PlatformModel): Finding[] {
  const check = "pods";
  if (!all) return unseen(check);
  const mine = all.filter(
    ({ metadata, status }) =>
      metadata.namespace === namespace && status?.phase !== "Succeeded" && !metadata.deletionTimestamp,
  );
  const lasting = mine.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === "Job"));
  if (!lasting.length)
    return [{ check, verdict: "failed", message: `none runs in ${namespace}`, todo: "npm start or pulumi up" }];
  return together(
    check,
    `${lasting.length} are ready`,
    lasting
      .filter((pod) => condition(pod, "Ready")?.status !== "True")
      .map((pod) => ({
        verdict: "failed",
        message: `${pod.metadata.name} is not ready: ${whyNot(pod)}`,
        todo: `kubectl describe pod --namespace ${namespace} ${pod.metadata.name}`,
      })),
  );
}

function whyNot(pod: Live): string {
  for (const { name, state } of [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ])
    if (state?.waiting?.reason && !["ContainerCreating", "PodInitializing"].includes(state.waiting.reason))
      return `${name} ${state.waiting.reason}`;
  return condition(pod, "PodScheduled")?.status === "False"
    ? (condition(pod, "PodScheduled")?.message ?? "cannot be scheduled")
    : (condition(pod, "Ready")?.reason ?? pod.status?.phase ?? "no status");
}

/** Each workload of the system is there, with the pods it wants, in the version it wants. */
export function workloads(
  { deployments, own }: ClusterFacts,
  { namespace, services, data, releases }: PlatformModel,
): Finding[] {
  const check = "rollouts";
  if (!deployments || !own.statefulSets) return unseen(check);
  const found = [...deployments.filter(({ metadata }) => metadata.namespace === namespace), ...own.statefulSets];
  const wanted = [
    ...Object.entries(services).flatMap(([name, { kind, blueGreen, image }]) => {
      if (kind === "DaemonSet") return [];
      return blueGreen ? releaseTracks(image, releases[name]).map(({ color }) => `${name}-${color}`) : [name];
    }),
    // The chart calls a StatefulSet as it calls its Service.
    ...Object.entries(data).flatMap(([name, store]) =>
      store.existing ? [] : dataStoreEndpoints(name, store).map(({ host, chartHost = host }) => chartHost),
    ),
  ];
  return together(check, `${found.length} are complete`, [
    ...wanted
      .filter((name) => !found.some(({ metadata }) => metadata.name === name))
      .map((name) => ({ verdict: "failed" as const, message: `${name} does not exist`, todo: "pulumi up" })),
    ...found
      .filter(
        ({ spec, status }) =>
          (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1) ||
          (status?.updatedReplicas ?? 0) < (spec?.replicas ?? 1),
      )
      .map(({ metadata, spec, status }) => ({
        verdict: "failed" as const,
        message: `${metadata.name} has ${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1} pods ready, ${status?.updatedReplicas ?? 0} of them new`,
        todo: `kubectl describe deployments,statefulsets --namespace ${namespace} --selector app.kubernetes.io/name=${metadata.labels?.["app.kubernetes.io/name"] ?? metadata.name}`,
      })),
  ]);
}

/** 000-CHK-10, 000-TRB-2: every Service that selects pods leads to some that are ready. */
export function endpoints({ own }: ClusterFacts): Finding[] {
  const check = "endpoints";
  if (!own.services || !own.endpoints) return unseen(check);
  const selecting = own.services.filter(({ spec }) => Object.keys(spec?.selector ?? {}).length);
  const led = new Set(
    own.endpoints
      .filter((slice) =>
        (slice.endpoints ?? []).some(
          ({ conditions }: { conditions?: { ready?: boolean } }) => conditions?.ready !== false,
        ),
      )
      .map(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"]),
  );
  return together(
    check,
    `${selecting.length} Services lead to ready pods`,
    selecting
      .filter(({ metadata }) => !led.has(metadata.name))
      .map(({ metadata }) => ({
        verdict: "failed",
        message: `Service ${metadata.name} leads nowhere`,
        todo: "see its pods; compare its selector with their labels",
      })),
  );
}

/** 000-CHK-3, 000-TRB-3: every claim has its volume. */
export function claims({ own, storageClasses }: ClusterFacts, { namespace }: PlatformModel): Finding[] {
  const check = "volumes";
  if (!own.claims) return unseen(check);
  return together(
    check,
    `${own.claims.length} claims are bound`,
    own.claims
      .filter(({ status }) => status?.phase !== "Bound")
      // Its volume is made for its first pod: a claim for dumps has had none before the first dump.
      .filter((claim) => !waitsForPod(claim, storageClasses ?? []))
      .map(({ metadata, spec, status }) => ({
        verdict: "failed",
        message: `${metadata.name} is ${status?.phase ?? "new"} (class ${spec?.storageClassName ?? "default"})`,
        todo: `kubectl describe pvc --namespace ${namespace} ${metadata.name}`,
      })),
  );
}

/** Jobs that have given up. */
export function jobs({ own }: ClusterFacts, { namespace }: PlatformModel): Finding[] {
  const check = "jobs";
  if (!own.jobs) return unseen(check);
  return together(
    check,
    `${own.jobs.length} are in order`,
    own.jobs
      .filter((job) => condition(job, "Failed")?.status === "True")
      .map((job) => ({
        verdict: "warning",
        message: `${job.metadata.name} failed: ${condition(job, "Failed")?.message ?? ""}`,
        todo: `kubectl logs --namespace ${namespace} job/${job.metadata.name}`,
      })),
  );
}

function waitsForPod({ metadata, spec }: Live, classes: Live[]): boolean {
  const one = classes.find(({ metadata: { name, annotations } }) =>
    spec?.storageClassName
      ? name === spec.storageClassName
      : annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  return metadata.name.endsWith("-backup") && one?.volumeBindingMode === "WaitForFirstConsumer";
}
