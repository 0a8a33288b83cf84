import { type Changed, known, type Warning, warning } from "./alarm.ts";

/** Kinds that hold data, beside those with claim templates. */
const dataKinds = [
  "/PersistentVolumeClaim",
  "/PersistentVolume",
  "apps/StatefulSet",
  "postgresql.cnpg.io/Cluster",
  "postgresql.cnpg.io/Database",
  "acid.zalan.do/postgresql",
  "mysql.oracle.com/InnoDBCluster",
  "mongodbcommunity.mongodb.com/MongoDBCommunity",
  "kafka.strimzi.io/Kafka",
  "redis.redis.opstreelabs.in/Redis",
  "snapshot.storage.k8s.io/VolumeSnapshot",
];
/** Kinds whose loss is an outage. */
const servingKinds = [
  "apps/Deployment",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "batch/CronJob",
  "/Service",
  "networking.k8s.io/Ingress",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/HTTPRoute",
];

/** What is deleted, replaced, scaled to nothing or no longer protected. */
export function* lost(object: Changed): Generator<Warning> {
  const { operation, groupKind, protect, before, after } = object;
  if (before?.protect && after && !after.protect)
    yield warning("protected", "is no longer protected from being deleted");
  if (operation === "delete" || operation === "replace" || operation === "forget")
    yield* gone(object, groupKind, protect);
  const [old, now] = [replicas(object.old, groupKind), replicas(object.now, groupKind)];
  if (now === 0 && old !== 0 && operation !== "replace")
    yield warning("scaled-to-zero", "is scaled to zero", old === undefined ? undefined : `${old} → 0`);
}

function* gone({ operation, keys, type, old, now }: Changed, groupKind: string, protect: boolean): Generator<Warning> {
  const verb = { delete: "is deleted", replace: "is deleted and made anew", forget: "is forgotten" }[
    operation as "delete"
  ];
  const cause = operation === "replace" ? causeOf(keys, old, now) : undefined;
  const isData = dataKinds.includes(groupKind);
  if (isData) yield warning("data", `${verb}: its data may be lost`, cause);
  else if (type.startsWith("random:"))
    yield warning("data", operation === "replace" ? "gets another value" : `${verb}: its value is lost`, cause);
  else if (groupKind === "/Secret") yield warning("data", `${verb}: its values are lost`, cause);
  else if (groupKind === "/Namespace") yield warning("namespace", `${verb}, with everything in it`, cause);
  else if (groupKind === "apiextensions.k8s.io/CustomResourceDefinition")
    yield warning("definition", `${verb}, with every object of its kind`, cause);
  else if (operation === "replace" && groupKind.includes("/")) yield warning("replacement", verb, cause);
  else if (servingKinds.includes(groupKind)) yield warning("deletion", verb, cause);
  if (protect) yield warning("protected", `${verb}, though it is protected: the engine will refuse`);
}

/** The fields that cause a replacement, with short values. */
function causeOf(keys: readonly string[], old: Changed["old"], now: Changed["now"]): string | undefined {
  if (keys.length === 0) return undefined;
  return keys
    .map((key) => {
      const [from, to] = [valueAt(old, key), valueAt(now, key)];
      return from === to ? key : `${key}: ${from} → ${to}`;
    })
    .join("; ");
}

function valueAt(field: Changed["old"], path: string): string {
  const keys = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, key]) => quoted ?? index ?? key ?? "",
  );
  let value = field && known(() => field.value);
  for (const key of keys)
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function replicas(field: Changed["old"], groupKind: string): number | undefined {
  if (!field) return undefined;
  const path = groupKind === "autoscaling/HorizontalPodAutoscaler" ? "minReplicas" : "replicas";
  if (!["apps/Deployment", "apps/StatefulSet", "autoscaling/HorizontalPodAutoscaler"].includes(groupKind))
    return undefined;
  return known(() => field.at("spec", path).number);
}
