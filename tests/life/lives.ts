import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { PlatformModel } from "../../components/model/system.ts";
import { resolve } from "../../settings/resolve.ts";
import { neededSecrets } from "../../settings/secrets.ts";
import { systems } from "../../systems/index.ts";

/** All other environments of each system; those of one system are up at the same time in one cluster. */
export const others: string[][] = [
  ["dev", "staging"],
  ["the-bot-dev", "the-bot-staging"],
  ["ai-assistant-mvp-dev", "ai-assistant-mvp-staging"],
  ["ai-assistant-production-dev", "ai-assistant-production-staging"],
];

/** A stack's model, and the secrets that others issue to it, as its file in the checkout says. */
export function modelOf(stack: string): { model: PlatformModel; issued: string[] } {
  const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };
  const { platform } = resolve({ config: Object.fromEntries(texts), stack, systems, sandbox });
  return { model: platform, issued: neededSecrets(platform) };
}

/** What the names of a service's own resources, and of those of the jobs in its image, look like at the end of their URNs. */
export function ownResources(model: PlatformModel, service: string): RegExp {
  const jobs = Object.entries(model.jobs)
    .filter(([, { from }]) => from === service)
    .map(([job]) => `${job}-[0-9a-f]{12}`);
  assert.ok(service in model.services, service);
  return new RegExp(`::${model.name}-(${service}-(blue-)?[a-z]+|${jobs.join("|") || "$^"})$`);
}
