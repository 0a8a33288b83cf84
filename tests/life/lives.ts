import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { PlatformModel } from "../../components/model/system.ts";
import { resolve } from "../../settings/resolve.ts";
import { neededSecrets } from "../../settings/secrets.ts";
import { systems } from "../../systems/index.ts";
import { changed } from "./engine-events.ts";
import type { OwnSandbox } from "./own-sandbox.ts";

/** All other environments of each system, up at the same time in one cluster, and the service that gets a new image there. */
export const others = [
  { stacks: ["dev", "staging"], updated: "gateway" },
  { stacks: ["the-bot-dev", "the-bot-staging"], updated: "thebot-backend" },
  { stacks: ["ai-assistant-mvp-dev", "ai-assistant-mvp-staging"], updated: "ai-assistant" },
  { stacks: ["ai-assistant-production-dev", "ai-assistant-production-staging"], updated: "ai-assistant" },
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
function ownResources(model: PlatformModel, service: string): RegExp {
  const jobs = Object.entries(model.jobs)
    .filter(([, { from }]) => from === service)
    .map(([job]) => `${job}-[0-9a-f]{12}`);
  assert.ok(service in model.services, service);
  return new RegExp(`::${model.name}-(${service}-(blue-)?[a-z]+|${jobs.join("|") || "$^"})$`);
}

/** Gives one service of a running stack a new image; the update is what the preview said, and about that service and its jobs only. */
export async function updateOne(own: OwnSandbox, stack: string, service: string): Promise<void> {
  const { model } = modelOf(stack);
  await own.set(stack, `keelson:services.${service}.image.tag`, "9.9.9");
  const planned = changed((await own.preview(stack)).events);
  const { events } = await own.up(stack);
  assert.ok(planned.some((urn) => urn.includes(`apps/v1:Deployment::${model.name}-${service}-`)));
  assert.deepEqual(
    planned.filter((urn) => !ownResources(model, service).test(urn)),
    [],
  );
  assert.deepEqual(changed(events), planned);
  const template = "jsonpath={.items[*].spec.template.spec.containers[*].image}";
  const images = await own.command("kubectl", "get", "deployments,jobs", "-n", model.namespace, "-o", template);
  assert.match(images, /:9\.9\.9\b/);
  const { repository, tag } = model.services[service]?.image ?? {};
  const jobs = await own.command("kubectl", "get", "jobs", "-n", model.namespace, "-o", template);
  assert.ok(!jobs.includes(`${repository}:${tag}`), "old jobs are gone");
}
