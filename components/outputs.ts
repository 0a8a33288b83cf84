import { serviceUrl } from "./environment.ts";
import { backupName } from "./model/backup.ts";
import { dataStoreEndpoints } from "./model/data-store.ts";
import { inhabited, type PlatformModel } from "./model/system.ts";

/** Where things of a platform are and what to type next. Holds no secret. */
export interface Description {
  /** Where services are reached in their namespace. */
  services: Record<string, string>;
  /** Where data stores are reached in their namespace, and the Secret with the credentials. */
  data: Record<string, { endpoints: string[]; secret: string }>;
  /** What to type to look around. */
  commands: Record<string, string>;
}

/** What a stack tells people at its end. */
export function describe(model: PlatformModel): Description {
  const { name: system, namespace, services, data } = model;
  return {
    services: Object.fromEntries(
      Object.entries(services)
        .filter(([, { ports }]) => ports.length)
        .map(([name, service]) => [name, serviceUrl(name, service)]),
    ),
    data: Object.fromEntries(
      Object.entries(data).map(([name, store]) => [
        name,
        {
          endpoints: dataStoreEndpoints(name, store).map(({ role, host, port }) => `${role} ${host}:${port}`),
          secret: store.connectionSecret.name,
        },
      ]),
    ),
    commands: inhabited(model)
      ? { ...commandsFor(system, namespace), ...backups(namespace, data) }
      : addonCommands(model),
  };
}

function commandsFor(system: string, namespace: string): Record<string, string> {
  return {
    pods: `kubectl get pods --namespace ${namespace}`,
    logs: `kubectl logs --namespace ${namespace} --selector app.kubernetes.io/instance=${system} --max-log-requests 20 --tail 50`,
    events: `kubectl get events --namespace ${namespace} --sort-by .lastTimestamp`,
    status: `kubectl get deployments,statefulsets,horizontalpodautoscalers,ingresses --namespace ${namespace}`,
  };
}

/** Of a system that is its add-ons: their pods. */
function addonCommands({ addons }: PlatformModel): Record<string, string> {
  const all: ({ namespace?: string; ownership?: string } | undefined)[] = Object.values(addons);
  const own = all.flatMap((addon) => (addon?.ownership === "own" && addon.namespace ? [addon.namespace] : []));
  return Object.fromEntries(own.map((namespace) => [namespace, `kubectl get pods --namespace ${namespace}`]));
}

/** How to make a dump now. */
function backups(namespace: string, data: PlatformModel["data"]): Record<string, string> {
  const dumped = Object.entries(data).filter(
    ([, store]) => store.engine === "postgresql" && store.backup && !store.existing,
  );
  const lines = dumped.map(
    ([name]) =>
      `kubectl create job --namespace ${namespace} --from cronjob/${backupName(name)} ${backupName(name)}-manual`,
  );
  return lines.length ? { backup: lines.join("; ") } : {};
}
