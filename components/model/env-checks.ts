import { connectionKeys } from "./data-store-relations.ts";
import { type EnvFrom, type EnvValue, variableSchema } from "./env.ts";
import { own } from "./own.ts";
import { oneOf } from "./problems.ts";
import type { PlatformModel, Problem } from "./system.ts";

type Model = Pick<PlatformModel, "services" | "data" | "secrets" | "configs">;

/** What reads its environment at its start: a service, or a job. */
export interface Reader {
  env: Record<string, EnvValue>;
  envFrom: EnvFrom[];
  /** The services and data stores that it may talk to. */
  uses: string[];
}

/** References of an environment that lead nowhere, lead to what no traffic may go to, or give one variable twice. */
export function checkEnv({ env, envFrom, uses }: Reader, model: Model): Problem[] {
  return [
    ...Object.entries(env).flatMap(([variable, value]) =>
      checkValue(value, uses, model).map((problem) => ({ ...problem, path: ["env", variable, ...problem.path] })),
    ),
    ...checkEnvFrom(envFrom, model),
  ];
}

/** Secrets whose values are copies of connections that are not there. */
export function checkSecretSources({ secrets, data }: Pick<Model, "secrets" | "data">): Problem[] {
  return Object.entries(secrets).flatMap(([name, keys]) =>
    Object.entries(keys).flatMap(([key, source]) =>
      "data" in source
        ? checkConnection(source, data).map((problem) => ({
            ...problem,
            path: ["secrets", name, key, ...problem.path],
          }))
        : [],
    ),
  );
}

function checkValue(value: EnvValue, uses: string[], { services, data, secrets }: Model): Problem[] {
  if (typeof value === "string") return [];
  if ("secret" in value) {
    const keys = own(secrets, value.secret);
    if (!keys) return [missing("secret", "secret", value.secret, secrets)];
    const source = own(keys, value.key);
    if (!source)
      return [
        {
          path: ["key"],
          message: `secret "${value.secret}" has no key "${value.key}"`,
          fix: oneOf(value.key, Object.keys(keys)),
        },
      ];
    return "data" in source && Object.hasOwn(data, source.data) ? unused("secret", source.data, uses) : [];
  }
  if ("data" in value) {
    const problems = checkConnection(value, data);
    return Object.hasOwn(data, value.data) ? [...unused("data", value.data, uses), ...problems] : problems;
  }
  if (!Object.hasOwn(services, value.service)) return [missing("service", "service", value.service, services)];
  return unused("service", value.service, uses);
}

function unused(field: string, target: string, uses: string[]): Problem[] {
  if (uses.includes(target)) return [];
  return [
    {
      path: [field],
      message: `"${target}" is not among what the service uses, so no traffic to it is allowed`,
      fix: `add "${target}" to uses`,
    },
  ];
}

function checkConnection({ data: name, key }: { data: string; key: string }, data: Model["data"]): Problem[] {
  const store = own(data, name);
  if (!store) return [missing("data", "data store", name, data)];
  if (connectionKeys(store).includes(key)) return [];
  return [
    {
      path: ["key"],
      message: `the connection of "${name}" has no key "${key}"`,
      fix: oneOf(key, connectionKeys(store)),
    },
  ];
}

function missing(field: string, kind: string, name: string, known: Record<string, unknown>): Problem {
  return { path: [field], message: `there is no ${kind} "${name}"`, fix: oneOf(name, Object.keys(known)) };
}

function checkEnvFrom(envFrom: EnvFrom[], { configs, secrets }: Model): Problem[] {
  const problems: Problem[] = [];
  const given = new Map<string, string>();
  for (const [index, source] of envFrom.entries()) {
    const [kind, name, known] =
      "config" in source
        ? (["config", source.config, configs] as const)
        : (["secret", source.secret, secrets] as const);
    const keys = known[name];
    if (!keys) {
      const { path, ...problem } = missing(kind, kind, name, known);
      problems.push({ ...problem, path: ["envFrom", index, ...path] });
      continue;
    }
    for (const key of Object.keys(keys)) {
      const other = given.get(key);
      if (other)
        problems.push({
          path: ["envFrom", index, kind],
          message: `"${key}" of ${kind} "${name}" comes from ${other} too, and only one of them would count`,
          fix: "each key in one of them",
        });
      given.set(key, `${kind} "${name}"`);
      if (!variableSchema.safeParse(key).success)
        problems.push({
          path: ["envFrom", index, kind],
          message: `"${key}" of ${kind} "${name}" is no environment variable name`,
          fix: `another key, or name the keys one by one under env`,
        });
    }
  }
  return problems;
}
