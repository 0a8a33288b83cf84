import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "./checksum.ts";
import type { EnvFrom, EnvValue } from "./model/env.ts";
import { type Service, serviceHost, servicePort } from "./model/service.ts";
import type { PlatformModel } from "./model/system.ts";
import type { ResolvedEnvValue } from "./workloads/workload.ts";

/** A secret that others issued: its value, and what changes when the value does and tells nothing of it. */
export interface IssuedSecret {
  value: pulumi.Input<string>;
  fingerprint: string;
}

/** The issued secret of a name. @throws where a program that builds its own model has left it out. */
export function issued(secrets: Record<string, IssuedSecret>, name: string): IssuedSecret {
  const secret = secrets[name];
  if (!secret)
    throw new Error(`Platform: secrets.${name} is missing; give its value, as the model's secrets ask for it`);
  return secret;
}

/** The URL of a service inside its namespace. */
export function serviceUrl(name: string, service: Service | undefined, path = ""): string {
  const [port] = service?.ports ?? [];
  return `http://${service ? serviceHost(name, service) : name}${port ? `:${servicePort(port)}` : ""}${path}`;
}

/** Variables with everything looked up that they name. */
export function resolvedEnv(env: Record<string, EnvValue>, model: PlatformModel): Record<string, ResolvedEnvValue> {
  return Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, resolvedValue(value, model)]));
}

function resolvedValue(value: EnvValue, model: PlatformModel): ResolvedEnvValue {
  if (typeof value === "string" || "secret" in value) return value;
  if ("data" in value) return { secret: model.data[value.data]?.connectionSecret.name ?? value.data, key: value.key };
  return serviceUrl(value.service, model.services[value.service], value.path);
}

/** What a container reads at its start. */
export interface Reads {
  env: Record<string, EnvValue>;
  envFrom: EnvFrom[];
}

/** Names of the data stores, secrets and configs that a container's environment comes from. */
export function sourcesOf({ env, envFrom }: Reads): string[] {
  const named = Object.values(env).flatMap((value) => {
    if (typeof value === "string" || "service" in value) return [];
    return ["secret" in value ? value.secret : value.data];
  });
  return [...new Set([...named, ...envFrom.map((source) => ("config" in source ? source.config : source.secret))])];
}

/**
 * What pods must be restarted for, since they read it at their start: rotated passwords, newly issued secrets, changed configs.
 * Nothing of a generated value is in it.
 */
export function rolloutMarks(
  { env, envFrom }: Reads,
  model: PlatformModel,
  secrets: Record<string, IssuedSecret>,
): Record<string, string> {
  const marks: [string, string][] = Object.values(env).flatMap((value): [string, string][] => {
    if (typeof value === "string" || "service" in value) return [];
    return "data" in value
      ? [
          [
            `secret.${model.data[value.data]?.connectionSecret.name ?? value.data}`,
            dataMark(value.data, model, secrets),
          ],
        ]
      : [[`secret.${value.secret}.${value.key}`, secretMark(value.secret, value.key, model, secrets)]];
  });
  for (const source of envFrom) {
    if ("config" in source) marks.push([`config.${source.config}`, checksum(model.configs[source.config] ?? {})]);
    else {
      const keys = Object.keys(model.secrets[source.secret] ?? {});
      const all = Object.fromEntries(keys.map((key) => [key, secretMark(source.secret, key, model, secrets)]));
      marks.push([`secret.${source.secret}`, checksum(all)]);
    }
  }
  return Object.fromEntries(marks);
}

function secretMark(name: string, key: string, model: PlatformModel, secrets: Record<string, IssuedSecret>): string {
  const source = model.secrets[name]?.[key];
  // What is in a secret store is not known here: a new rotation number says that it has changed.
  if (source && "config" in source && !model.secretStore) return issued(secrets, source.config).fingerprint;
  if (source && "data" in source) return dataMark(source.data, model, secrets);
  return `rotation-${model.rotation[name] ?? 0}`;
}

function dataMark(name: string, model: PlatformModel, secrets: Record<string, IssuedSecret>): string {
  const store = model.data[name];
  return store?.existing && !model.secretStore
    ? issued(secrets, `${name}-password`).fingerprint
    : `rotation-${store?.rotation ?? 0}`;
}
