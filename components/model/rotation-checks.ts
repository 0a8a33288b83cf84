import type { PlatformModel, Problem } from "./system.ts";

/**
 * User names of a rotated PostgreSQL that are written down instead of taken from the store: they are those of a login that is gone
 * when the rotation is complete.
 */
export function checkLogins({
  services,
  configs,
  data,
}: Pick<PlatformModel, "services" | "configs" | "data">): Problem[] {
  return Object.entries(data).flatMap(([store, model]) => {
    if (model.engine !== "postgresql" || !model.rotation || model.existing) return [];
    const written = (path: string[], value: unknown): Problem[] =>
      // A database is often called as its owner is.
      value === model.username && (value !== model.database || /user|login|role/i.test(path.at(-1) ?? ""))
        ? [
            {
              path,
              message: `${model.username} cannot log in to ${store} after a rotation`,
              fix: `{ data: ${store}, key: username } in the service's env, or in a Secret`,
            },
          ]
        : [];
    return [
      ...Object.entries(services)
        .filter(([, { uses }]) => uses.includes(store))
        .flatMap(([name, { env }]) =>
          Object.entries(env).flatMap(([variable, value]) => written(["services", name, "env", variable], value)),
        ),
      ...Object.entries(configs).flatMap(([name, values]) =>
        Object.entries(values).flatMap(([key, value]) => written(["configs", name, key], value)),
      ),
    ];
  });
}
