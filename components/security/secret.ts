import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { standardLabels } from "../model/names.ts";

export interface SecretArgs {
  /** Name of the Secret in the cluster. @default the component's name */
  name?: string;
  namespace: string;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  /** Key → a given value, or the length of a random one (letters and digits, so that it fits into any URL). */
  keys: Record<string, { value: pulumi.Input<string> } | { generate: number }>;
  /** A new number makes new random values. @default 0 */
  rotation?: number;
}

/** A Secret whose values are given or generated. Generated values stay the same until `rotation` changes. */
export class Secret extends pulumi.ComponentResource {
  /** Name of the Secret in the cluster. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:security:Secret", name, {}, { ...opts, protect: false });
    const { namespace, instance, rotation = 0 } = args;
    const protect = opts?.protect ?? false;
    const stringData = Object.fromEntries(
      Object.entries(args.keys).map(([key, source]) => {
        if ("value" in source) return [key, pulumi.secret(source.value)];
        const password = new random.RandomPassword(
          `${name}-${key}`,
          { length: source.generate, special: false, keepers: { rotation: String(rotation) } },
          { parent: this, protect },
        );
        return [key, password.result];
      }),
    );
    const secretName = args.name ?? name;
    const secret = new k8s.core.v1.Secret(
      `${name}-secret`,
      {
        metadata: {
          name: secretName,
          namespace,
          labels: standardLabels(secretName, instance, { component: "secret" }),
        },
        stringData,
      },
      // Values that others issued come back from the configuration; only generated ones are lost with the object.
      { parent: this, protect: protect && Object.values(args.keys).some((source) => "generate" in source) },
    );
    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}
