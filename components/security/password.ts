import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A generated password and the one that a rotation put in its place; the same where there was none. */
export interface Passwords {
  first: pulumi.Output<string>;
  current: pulumi.Output<string>;
}

/**
 * Letters and digits, so that they fit into any URL and any client. The first one is never replaced, so that it may be protected;
 * that of a rotation comes beside it, and a new number replaces it, which protection would refuse.
 */
export function generatedPasswords(
  name: string,
  length: number,
  rotation: number,
  opts: { parent: pulumi.Resource; protect: boolean },
): Passwords {
  const generate = (resource: string, number: number, protect: boolean) =>
    new random.RandomPassword(
      resource,
      { length, special: false, keepers: { rotation: String(number) } },
      { parent: opts.parent, protect },
    ).result;
  const first = generate(name, 0, opts.protect);
  return { first, current: rotation ? generate(`${name}-rotated`, rotation, false) : first };
}
