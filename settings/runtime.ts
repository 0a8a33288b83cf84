import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const markerSchema = z.object({
  kubeconfig: z.string().min(1),
  context: z.string().min(1),
  server: z.url(),
  charts: z.string().min(1),
});

/** What the sandbox puts in place of a stack's own cluster and charts. */
export type Sandbox = z.infer<typeof markerSchema>;

/** Hosts of this machine itself. */
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * The sandbox, where its marker (`KEELSON_SANDBOX`, a path) is set; undefined elsewhere. Throws where the marker points to
 * a cluster that is not on this machine: sandbox charts and placeholders must never reach a real one.
 */
export function findSandbox(environment: NodeJS.ProcessEnv = process.env): Sandbox | undefined {
  const path = environment.KEELSON_SANDBOX;
  if (!path) return undefined;
  const marker = markerSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const { context, kubeconfig } = marker;
  for (const server of [marker.server, serverOf(kubeconfig, context)]) {
    if (!loopback.has(new URL(server).hostname)) {
      throw new Error(
        `KEELSON_SANDBOX is set, but its API server ${server} is not on this machine; unset KEELSON_SANDBOX to use the stack's own cluster`,
      );
    }
  }
  return marker;
}

const kubeconfigSchema = z.object({
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })),
});

function serverOf(path: string, context: string): string {
  const { contexts, clusters } = kubeconfigSchema.parse(parse(readFileSync(path, "utf8")));
  const cluster = contexts.find(({ name }) => name === context)?.context.cluster;
  const server = clusters.find(({ name }) => name === cluster)?.cluster.server;
  if (!server) throw new Error(`${path} has no server for context "${context}"; start the sandbox again`);
  return server;
}
