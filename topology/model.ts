import type { Environment, PlatformModel, SystemInput } from "../components/model/system.ts";
import { resolve } from "../settings/resolve.ts";

/**
 * A system in an environment as it is with no other settings of a stack than these, text by key. As in the sandbox, nothing need
 * be issued and no cluster named.
 */
export function modelOf(
  systems: Record<string, SystemInput>,
  system: string,
  environment: Environment,
  settings: Record<string, string> = {},
): PlatformModel {
  return resolve({
    config: { "keelson:system": system, "keelson:environment": environment, ...settings },
    stack: environment,
    systems,
    sandbox: { context: "", kubeconfig: "", server: "", charts: "" },
  }).platform;
}
