import * as pulumi from "@pulumi/pulumi";
import { isDeferred } from "../plain.ts";
import type { ResolvedEnvValue } from "./workload.ts";

/** Literal variables with Outputs that are watched: one that turns out to be a secret fails, because the pod's specification would show it. */
export function literalEnv(env: Record<string, ResolvedEnvValue>, what: string): Record<string, ResolvedEnvValue> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      isDeferred(value) ? notSecret(value, `${what} env.${name}`) : value,
    ]),
  );
}

/** The same Output. Whether it is a secret is known at preview, even where its value is not. */
function notSecret(value: pulumi.Input<string>, what: string): pulumi.Output<string> {
  const output = pulumi.output(value);
  return pulumi.output(
    pulumi.isSecret(output).then((secret) => {
      if (secret)
        throw new Error(
          `${what}: is a secret, and would stand in the pod's specification; give it under secretEnv, or as { secret, key } of a Secret`,
        );
      return output;
    }),
  );
}
