import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { input, placeSchema } from "../arguments.ts";
import { dataKeySchema } from "../model/env.ts";
import { nameSchema, objectNameSchema, standardLabels } from "../model/names.ts";
import { type SecretStore, secretStoreSchema } from "../model/secret-store.ts";
import type { Problem } from "../model/system.ts";
import { parseArgs } from "../plain.ts";
import { externalSecret, type StoredKey } from "./external-secret.ts";
import { inNamespace, type NamespaceInput, namespaceInput } from "./namespace.ts";
import { generatedPasswords } from "./password.ts";

export interface SecretArgs {
  /** Name of the Secret in the cluster. @default the component's name */
  name?: string;
  namespace: NamespaceInput;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  /** Key → a given value, the length of a random one (1 to 256 letters and digits, so that it fits into any URL), or one in the store. */
  keys: Record<string, { value: pulumi.Input<string> } | { generate: number } | StoredKey>;
  /** Where External Secrets Operator finds the stored ones. Needed with them. */
  store?: SecretStore;
  /** A new number, 0 or more, makes new random values. @default 0 */
  rotation?: number;
}

const secretArguments = z.strictObject({
  // It is the value of a label too.
  name: objectNameSchema.max(63, { error: "must have at most 63 characters" }),
  ...placeSchema.shape,
  keys: z.record(
    dataKeySchema,
    z.union([
      z.strictObject({ value: input(z.string()) }),
      z.strictObject({ generate: z.int().min(1).max(256) }),
      z.strictObject({ stored: nameSchema, template: z.string().optional() }),
    ]),
  ),
  store: secretStoreSchema.optional(),
  rotation: z.int().min(0).optional(),
});

/** Stored keys without a store. */
function checkStore({ keys, store }: z.output<typeof secretArguments>): Problem[] {
  if (store || !Object.values(keys).some((source) => "stored" in source)) return [];
  return [{ path: ["store"], message: "is missing", fix: "say where the stored keys come from" }];
}

/**
 * A Secret whose values are given, generated or fetched from a store by External Secrets Operator. Generated values stay the same
 * until `rotation` changes. With fetched values only, the operator makes the object; with others beside them, it adds to ours.
 * Throws one error with all problems.
 *
 * The provider needs `enableSecretMutable: true`: without it a changed value replaces the Secret, which `protect` refuses.
 */
export class Secret extends pulumi.ComponentResource {
  /** Name of the Secret in the cluster. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:security:Secret", name, {}, { ...inNamespace(args.namespace, opts), protect: false });
    const namespace = namespaceInput(args.namespace);
    const { instance, rotation = 0 } = args;
    const protect = opts?.protect ?? false;
    const secretName = args.name ?? name;
    parseArgs(secretArguments, { ...args, namespace, name: secretName }, `Secret "${name}"`, { checks: [checkStore] });
    const metadata = {
      name: secretName,
      namespace,
      labels: standardLabels(secretName, instance, { component: "secret" }),
    };
    const stringData: Record<string, pulumi.Input<string>> = {};
    const stored: Record<string, StoredKey> = {};
    for (const [key, source] of Object.entries(args.keys)) {
      if ("value" in source) stringData[key] = pulumi.secret(source.value);
      else if ("stored" in source) stored[key] = source;
      else {
        const made = generatedPasswords(`${name}-${key}`, source.generate, rotation, { parent: this, protect });
        stringData[key] = made.current;
      }
    }
    const fetched = Object.keys(stored).length > 0;
    const own = Object.keys(stringData).length > 0;
    const secret =
      own || !fetched
        ? new k8s.core.v1.Secret(
            `${name}-secret`,
            { metadata, type: "Opaque", stringData },
            {
              parent: this,
              // Values that others issued come back from the configuration; only generated ones are lost with the object.
              protect: protect && Object.values(args.keys).some((source) => "generate" in source),
              // A Secret made before it was said has this type by default, and would be replaced to have it said.
              ignoreChanges: ["type"],
            },
          )
        : undefined;
    if (fetched && args.store) {
      new k8s.apiextensions.CustomResource(
        `${name}-external`,
        externalSecret({ name: secretName, namespace, instance, store: args.store, keys: stored, merge: own }),
        { parent: this, ...(secret ? { dependsOn: secret } : {}) },
      );
    }
    this.secretName = secret ? secret.metadata.name : pulumi.output(secretName);
    this.registerOutputs({ secretName: this.secretName });
  }
}
