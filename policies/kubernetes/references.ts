import { containersOf } from "./containers.ts";
import type { Field } from "./field.ts";
import { groupKind, type KubernetesObject } from "./object.ts";
import { type PodSpec, podSpecOf } from "./pod-spec.ts";

/** A place where a pod names a ConfigMap or a Secret. */
export interface Reference {
  /** `/ConfigMap` or `/Secret` */
  readonly kind: string;
  readonly name: Field;
  /** The keys of it that must be there. */
  readonly keys: readonly Field[];
  /** Says whether the pod starts without it; absent where it never does. */
  readonly optional?: Field;
  readonly use: "environment" | "volume" | "image";
}

/** Every place where the pods of an object name a ConfigMap or a Secret, or a ServiceAccount the pull secrets of its pods. */
export function referencesIn(object: KubernetesObject): Reference[] {
  const pod = podSpecOf(object);
  if (pod) return referencesOf(pod);
  return groupKind(object) === "/ServiceAccount" ? pullSecrets(object.body) : [];
}

/** Every place where a pod names a ConfigMap or a Secret: environment, volumes and pull secrets. */
export function referencesOf(pod: PodSpec): Reference[] {
  return [
    ...containersOf(pod).flatMap(({ field }) => environmentReferences(field)),
    ...pod.field.at("volumes").items().flatMap(volumeReferences),
    ...pullSecrets(pod.field),
  ];
}

function pullSecrets(holder: Field): Reference[] {
  return holder
    .at("imagePullSecrets")
    .items()
    .map((item) => ({ kind: "/Secret", name: item.at("name"), keys: [], use: "image" }));
}

function environmentReferences(container: Field): Reference[] {
  const from = container
    .at("envFrom")
    .items()
    .flatMap((item) => [
      reference("/ConfigMap", item.at("configMapRef"), [], "environment"),
      reference("/Secret", item.at("secretRef"), [], "environment"),
    ]);
  const single = container
    .at("env")
    .items()
    .flatMap((item) => {
      const [config, secret] = [item.at("valueFrom", "configMapKeyRef"), item.at("valueFrom", "secretKeyRef")];
      return [
        reference("/ConfigMap", config, [config.at("key")], "environment"),
        reference("/Secret", secret, [secret.at("key")], "environment"),
      ];
    });
  return [...from, ...single];
}

function volumeReferences(volume: Field): Reference[] {
  const keys = (source: Field) =>
    source
      .at("items")
      .items()
      .map((item) => item.at("key"));
  const secret = volume.at("secret");
  const projected = volume
    .at("projected", "sources")
    .items()
    .flatMap((source) => [
      reference("/ConfigMap", source.at("configMap"), keys(source.at("configMap")), "volume"),
      reference("/Secret", source.at("secret"), keys(source.at("secret")), "volume"),
    ]);
  return [
    reference("/ConfigMap", volume.at("configMap"), keys(volume.at("configMap")), "volume"),
    {
      kind: "/Secret",
      name: secret.at("secretName"),
      keys: keys(secret),
      optional: secret.at("optional"),
      use: "volume",
    },
    reference("/Secret", volume.at("csi", "nodePublishSecretRef"), [], "volume"),
    ...projected,
  ];
}

function reference(kind: string, ref: Field, keys: readonly Field[], use: Reference["use"]): Reference {
  return { kind, name: ref.at("name"), keys, optional: ref.at("optional"), use };
}
