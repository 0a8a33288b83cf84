import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type DataStore, existingSchema } from "../model/data-store.ts";
import type { Problem } from "../model/system.ts";
import { deferredProblem, isDeferred, parseArgs } from "../plain.ts";

/** A server that somebody else runs; see `existingSchema` for each field's meaning and default. */
export interface ExistingServerArgs extends Omit<z.input<typeof existingSchema>, "host"> {
  /** Host name or IPv4 address of the server. May be an Output, such as the address of one that the program makes; give `cidr` then. */
  host: pulumi.Input<string>;
}

/** Stands for a host that is not known yet (RFC 2606, "invalid"). It is part of nothing that is made. */
const standIn = "host.invalid";

/** A model whose host is an Output: as it can be checked, and the host. */
export function knownHost(existing: ExistingServerArgs | undefined): {
  existing?: z.input<typeof existingSchema>;
  host?: pulumi.Output<string>;
} {
  if (!existing) return {};
  const { host } = existing;
  if (!isDeferred(host)) return { existing: { ...existing, host: host as string } };
  return { existing: { ...existing, host: standIn }, host: pulumi.output(host) };
}

/** The store with the host that came out, where it was an Output. */
export function storeAt(store: DataStore, host: string | undefined, what: string): DataStore {
  if (!store.existing || host === undefined) return store;
  return { ...store, existing: parseArgs(existingSchema, { ...store.existing, host }, `${what} existing`) };
}

/** What does not go together with a host that is an Output. */
export function checkHost(
  { existing }: DataStore,
  { host, stored }: { host: pulumi.Output<string> | undefined; stored: boolean },
): Problem[] {
  if (!host) return [];
  const cidr: Problem[] = existing?.cidr
    ? []
    : [
        {
          path: ["existing", "cidr"],
          message: "is missing: the host is an Output, and network policies go by addresses",
          fix: 'give the address range of the server, such as "10.0.0.0/16"',
        },
      ];
  return stored ? [...cidr, deferredProblem(["existing", "host"], "give a plain host beside storedPassword")] : cidr;
}
