import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** How often an object is offered again to a webhook that does not answer, and how long each time is waited: a minute in all. */
export const webhookRetries = { times: 30, seconds: 2 };

/**
 * Whether an operation failed for nothing but a webhook that is not ready: its pods serve, but the API server has not yet been
 * told their certificate. An admission webhook that answers and says no is another matter, and no retry helps.
 */
export function webhookNotReady({
  failedOperation,
  errors,
}: Pick<pulumi.ErrorHookArgs, "failedOperation" | "errors">): boolean {
  return (
    failedOperation !== "delete" &&
    errors.length <= webhookRetries.times &&
    (errors[0]?.includes("failed calling webhook") ?? false)
  );
}

const hooks = new WeakMap<object, pulumi.ErrorHook>();

/**
 * Makes Pulumi try again while an object's webhook is not ready yet. cert-manager's and ingress-nginx's get their CA a moment
 * after their pods are ready, and dependencies know nothing of it. To wait for the CA itself (`pulumi.com/waitFor`) would hang
 * where none is ever written, as in the sandbox, which calls no webhooks; a retry costs nothing there.
 *
 * One hook serves all objects of a program: the engine knows hooks by name alone, so that a hook for each component would end
 * the program where two of them have one name. A process may run several programs (Automation API), each with an engine of its own.
 */
export function webhookRetry(): pulumi.ErrorHook {
  const engine = pulumi.runtime.getMonitor();
  const known = engine && hooks.get(engine);
  if (known) return known;
  const hook = new pulumi.ErrorHook("keelson:webhook-retry", async (failure) => {
    if (!webhookNotReady(failure)) return false;
    await wait(webhookRetries.seconds * 1000);
    return true;
  });
  if (engine) hooks.set(engine, hook);
  return hook;
}
