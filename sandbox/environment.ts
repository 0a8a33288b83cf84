import { delimiter, join } from "node:path";
import { cacheFolder, type SandboxPaths } from "./paths.ts";
import { pastProxies } from "./proxy.ts";

/** Protects nothing: what the sandbox's state holds was generated for simulated pods. */
const passphrase = "keelson-sandbox";

/** Beginnings of variables by which engine, provider, kubectl, helm and the parts of a control plane do something else than they are told here. */
export const steering = ["PULUMI_", "KUBE", "HELM_KUBE", "HELM_NAMESPACE", "ETCD_", "KWOK_"];

/** The user's environment without what steers the tools: neither variables nor the preferences in `~/.kube/kuberc`. */
export function neutralEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !steering.some((start) => name.startsWith(start)));
  return { ...Object.fromEntries(kept), KUBERC: "off" };
}

/** The environment in which `pulumi`, `kubectl` and `helm` mean the sandbox. */
export function sandboxEnvironment(
  checkout: string,
  paths: SandboxPaths,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...pastProxies(neutralEnvironment(env)),
    KEELSON_SANDBOX: paths.marker,
    KEELSON_SANDBOX_HOME: paths.home,
    KUBECONFIG: paths.kubeconfig,
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A plugin of the same name on the user's PATH would win over the chosen set.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || join(cacheFolder(env), "compiled"),
    PATH: [paths.bin, join(checkout, "node_modules", ".bin"), env.PATH ?? ""].join(delimiter),
  };
}
