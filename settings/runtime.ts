import { readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { z } from "zod";
import { readYaml } from "./yaml.ts";

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
 * The sandbox, where its marker (`KEELSON_SANDBOX`, a path) is set; undefined elsewhere. Throws a `RunError` of one line where the
 * marker cannot be read, or points to a cluster that is not on this machine: sandbox charts and placeholders must never reach a real one.
 */
export function findSandbox(environment: NodeJS.ProcessEnv = process.env): Sandbox | undefined {
  const path = environment.KEELSON_SANDBOX;
  if (!path) return undefined;
  const marker = read(path, markerSchema, `KEELSON_SANDBOX, ${path},`);
  const { context, kubeconfig } = marker;
  for (const server of [marker.server, serverOf(kubeconfig, context)]) {
    if (!loopback.has(new URL(server).hostname)) {
      throw new RunError(
        `KEELSON_SANDBOX is set, but its API server ${server} is not on this machine; unset KEELSON_SANDBOX to use the stack's own cluster`,
      );
    }
  }
  return marker;
}

const kubeconfigSchema = z.object({
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.url() }) })),
});

function serverOf(path: string, context: string): string {
  const { contexts, clusters } = read(path, kubeconfigSchema, `KEELSON_SANDBOX: the kubeconfig ${path}`);
  const cluster = contexts.find(({ name }) => name === context)?.context.cluster;
  const server = clusters.find(({ name }) => name === cluster)?.cluster.server;
  if (!server)
    throw new RunError(`KEELSON_SANDBOX: the kubeconfig ${path} has no server for context "${context}"; ${again}`);
  return server;
}

const again = "start the sandbox again, or unset KEELSON_SANDBOX to use the stack's own cluster";

/** What a file holds, JSON or YAML; a person is told in one line where it is not what the sandbox writes. */
function read<T extends z.ZodType>(path: string, schema: T, what: string): z.output<T> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new RunError(`${what} cannot be read (${(error as NodeJS.ErrnoException).code}); ${again}`);
  }
  const found = readYaml(text);
  const { data, success } = schema.safeParse("value" in found ? found.value : undefined);
  if (!success) throw new RunError(`${what} is not what the sandbox writes; ${again}`);
  return data;
}
