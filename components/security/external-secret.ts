import type * as pulumi from "@pulumi/pulumi";
import { standardLabels } from "../model/names.ts";
import { placeOf, type SecretStore } from "../model/secret-store.ts";

/** A key of a Secret whose value the operator fetches. */
export interface StoredKey {
  /** Name of the secret, as under keelson:secrets. */
  stored: string;
  /** Text with the value in it, in the operator's template language; see `storedValue`. @default the value itself */
  template?: string;
}

export interface ExternalSecretOptions {
  /** Name of the ExternalSecret and of the Secret that the operator writes. */
  name: string;
  namespace: pulumi.Input<string>;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  store: SecretStore;
  keys: Record<string, StoredKey>;
  /** Whether the Secret has other keys, which somebody else writes: then the operator adds to it and does not make it. */
  merge: boolean;
}

/** How the value of a stored secret is written in a template; `inUrl` percent-encodes it. */
export function storedValue(name: string, inUrl = false): string {
  // urlquery writes a space as "+", which means a plus sign outside of queries.
  return `{{ index . "${name}"${inUrl ? ' | urlquery | replace "+" "%20"' : ""} }}`;
}

/**
 * The object by which External Secrets Operator makes a Secret, or adds to one (external-secrets.io, API v1). Fields that its
 * CRD fills in are written out: they are inside of lists, where a refresh would show them as changes.
 */
export function externalSecret({ name, namespace, instance, store, keys, merge }: ExternalSecretOptions) {
  const templated = Object.values(keys).some(({ template }) => template !== undefined);
  const data = templated
    ? [...new Set(Object.values(keys).map(({ stored }) => stored))].map((stored) => [stored, stored] as const)
    : Object.entries(keys).map(([key, { stored }]) => [key, stored] as const);
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace, labels: standardLabels(name, instance, { component: "secret" }) },
    spec: {
      refreshInterval: store.refreshInterval,
      secretStoreRef: { kind: store.kind, name: store.name },
      target: {
        name,
        creationPolicy: merge ? "Merge" : "Owner",
        deletionPolicy: "Retain",
        ...(templated
          ? {
              template: {
                engineVersion: "v2",
                data: Object.fromEntries(
                  Object.entries(keys).map(([key, { stored, template }]) => [key, template ?? storedValue(stored)]),
                ),
              },
            }
          : {}),
      },
      data: data.map(([secretKey, stored]) => ({
        secretKey,
        remoteRef: {
          ...placeOf(store, stored),
          conversionStrategy: "Default",
          decodingStrategy: "None",
          metadataPolicy: "None",
        },
      })),
    },
  };
}
