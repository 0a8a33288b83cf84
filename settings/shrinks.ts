import { parseQuantity } from "../components/model/quantity.ts";
import type { Problem, System } from "../components/model/system.ts";

/** What has volumes. */
type Disks = Pick<System, "services" | "data" | "volumes" | "addons">;

/** Every volume of a system, with the key that sets its size. */
function sizes({ services, data, volumes: shared, addons }: Disks): Map<string, { path: string[]; size: string }> {
  const found = new Map<string, { path: string[]; size: string }>();
  const add = (size: string | undefined, ...path: string[]) => size && found.set(path.join("\u0000"), { path, size });
  for (const [name, { volumes }] of Object.entries(services)) {
    for (const [volume, claim] of Object.entries(volumes))
      if ("size" in claim) add(claim.size, "services", name, "volumes", volume, "size");
  }
  for (const [name, { size }] of Object.entries(shared)) add(size, "volumes", name, "size");
  for (const [name, store] of Object.entries(data).filter(([, { existing }]) => !existing)) {
    add(store.storage.size, "data", name, "storage", "size");
    const field = store.engine === "postgresql" ? "readReplicas" : "replicas";
    const copies = store.engine === "postgresql" ? store.readReplicas : store.replicas;
    add(copies?.storage.size, "data", name, field, "storage", "size");
    if (store.engine === "postgresql" && store.backup) {
      const { size } = store.backup.storage;
      // Without a size of their own, dumps have as much as the database.
      const path = size ? ["data", name, "backup", "storage", "size"] : ["data", name, "storage", "size"];
      found.set(`dumps of ${name}`, { path, size: size ?? store.storage.size });
    }
  }
  if (addons.monitoring?.ownership === "own")
    add(addons.monitoring.storage.size, "addons", "monitoring", "storage", "size");
  return found;
}

/**
 * Volumes that a stack makes smaller than its system declares them for the environment. A volume that exists can only grow, and
 * whether one exists is not known here, so a stack may only raise sizes; smaller ones belong into the system's environment.
 */
export function shrunkVolumes(declared: Disks, wanted: Disks): Problem[] {
  const before = sizes(declared);
  return [...sizes(wanted)].flatMap(([key, { path, size }]): Problem[] => {
    const was = before.get(key)?.size;
    if (!was || (parseQuantity(size) ?? 0) >= (parseQuantity(was) ?? 0)) return [];
    return [
      {
        path,
        message: `${size} is less than the ${was} that the system declares, and a volume never shrinks`,
        fix: `at least ${was}`,
      },
    ];
  });
}
