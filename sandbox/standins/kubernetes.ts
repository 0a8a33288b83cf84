/** Stand-in for the kubernetes provider. */
import { KubernetesProvider } from "./kubernetes/provider.ts";
import { EngineLog } from "./plugin-server.ts";
import { serveProvider } from "./provider-server.ts";

await serveProvider(new KubernetesProvider(new EngineLog()));
