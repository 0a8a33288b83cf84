import { oneOf } from "./problems.ts";
import type { Service } from "./service.ts";
import type { PlatformModel, Problem } from "./system.ts";

type Model = Pick<PlatformModel, "services" | "jobs" | "volumes">;

/** Shared volumes that are not there, that nothing mounts, or that more pods hold than their access mode lets. */
export function checkSharedVolumes(model: Model): Problem[] {
  return [...checkReferences(model), ...checkSharing(model)];
}

/** The shared volumes that a service mounts. */
export function sharedVolumesOf({ volumes }: Pick<Service, "volumes">): string[] {
  return Object.values(volumes).flatMap((volume) => ("shared" in volume ? [volume.shared] : []));
}

function checkReferences({ services, volumes }: Model): Problem[] {
  return Object.entries(services).flatMap(([name, service]) =>
    Object.entries(service.volumes).flatMap(([volume, mount]): Problem[] =>
      "shared" in mount && !Object.hasOwn(volumes, mount.shared)
        ? [
            {
              path: ["services", name, "volumes", volume, "shared"],
              message: `there is no shared volume "${mount.shared}"`,
              fix: oneOf(mount.shared, Object.keys(volumes)),
            },
          ]
        : [],
    ),
  );
}

function checkSharing({ services, jobs, volumes }: Model): Problem[] {
  return Object.entries(volumes).flatMap(([volume, { accessMode }]): Problem[] => {
    const mounting = Object.entries(services).filter(([, service]) => sharedVolumesOf(service).includes(volume));
    const path = ["volumes", volume];
    if (!mounting.length)
      return [
        { path, message: "no service mounts it", fix: `mount it as {mountPath, shared: "${volume}"}, or remove it` },
      ];
    if (accessMode === "ReadWriteMany") return [];
    const users = [
      ...mounting.flatMap(([name, service]) => Array.from({ length: atOnce(service) }, () => name)),
      ...Object.entries(jobs).flatMap(([name, { from }]) => (mounting.some(([one]) => one === from) ? [name] : [])),
    ];
    if (users.length <= 1) return [];
    return [
      {
        path: [...path, "accessMode"],
        message: `${accessMode} cannot be shared by several pods, and those of ${[...new Set(users)].join(", ")} mount it`,
        fix: "ReadWriteMany, with a class that offers it",
      },
    ];
  });
}

/** How many pods of a service there may be at once, one more during a rollout. */
function atOnce({ kind, replicas, autoscaling, singleton }: Service): number {
  if (singleton) return 1;
  return kind === "DaemonSet" ? 2 : (autoscaling?.max ?? replicas) + (kind === "Deployment" ? 1 : 0);
}
