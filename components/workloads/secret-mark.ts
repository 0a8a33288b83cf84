import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { generatedPasswords } from "../security/password.ts";

/**
 * A text that changes when one of some secret values does and tells nothing of them, so that pods can be rolled by it: a digest
 * under a generated key, which nothing but the state knows. Without the key, short values could be guessed from it. With the key
 * in the state, a preview knows the mark, and the same values always have the same one.
 */
export function secretMark(
  name: string,
  values: Record<string, pulumi.Input<string>>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { current: key } = generatedPasswords(`${name}-env-key`, 32, 0, { parent, protect: false });
  const mark = pulumi.all([key, values]).apply(([secret, known]) => {
    const sorted = Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1));
    return createHmac("sha256", secret).update(JSON.stringify(sorted)).digest("hex").slice(0, 12);
  });
  return pulumi.unsecret(mark);
}
