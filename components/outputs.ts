import { ingressNginxRelease } from "./edge/ingress-nginx-values.ts";
import { serviceUrl } from "./environment.ts";
import { backupName } from "./model/backup.ts";
import { dataStoreEndpoints } from "./model/data-store.ts";
import { serviceHost, servicePort } from "./model/service.ts";
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
  const { namespace, services, data } = model;
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
    commands: inhabited(model) ? { ...commandsFor(model), ...backups(namespace, data) } : addonCommands(model),
  };
}

/** The commands that the documents type, with names and namespaces filled in. */
function commandsFor({ name: system, namespace, services, addons }: PlatformModel): Record<string, string> {
  const get = (kinds: string) => `kubectl get ${kinds} --namespace ${namespace}`;
  return {
    pods: get("pods"),
    status: get("deployments,statefulsets,horizontalpodautoscalers,jobs,cronjobs"),
    network: get("services,endpointslices,ingresses,networkpolicies"),
    storage: get("persistentvolumeclaims"),
    events: `${get("events")} --sort-by .lastTimestamp`,
    describe: `kubectl describe pods,ingresses --namespace ${namespace}`,
    usage: `kubectl top pods --namespace ${namespace} --containers`,
    logs: `kubectl logs --namespace ${namespace} --selector app.kubernetes.io/instance=${system} --max-log-requests 20 --tail 50`,
    ...reach(namespace, services),
    ...reachAddons(addons),
  };
}

/** How to look at the add-ons that the stack owns and people look at. */
function reachAddons({ ingressNginx, monitoring }: PlatformModel["addons"]): Record<string, string> {
  return {
    ...(ingressNginx?.ownership === "own"
      ? {
          ingress: `kubectl logs --namespace ${ingressNginx.namespace} deployment/${ingressNginxRelease(ingressNginx.class)}-controller --tail 50`,
        }
      : {}),
    ...(monitoring?.ownership === "own"
      ? { grafana: `kubectl port-forward --namespace ${monitoring.namespace} service/prometheus-grafana 3000:80` }
      : {}),
  };
}

/** How to talk to the first service that listens, and how to look into one of its pods; others likewise. A name of a Service fits every colour. */
function reach(namespace: string, services: PlatformModel["services"]): Record<string, string> {
  const [found] = Object.entries(services).filter(([, { ports }]) => ports.length);
  if (!found) return {};
  const [name, service] = found;
  const host = serviceHost(name, service);
  const port = service.ports.map(servicePort)[0];
  return {
    reach: `kubectl port-forward --namespace ${namespace} service/${host} 8080:${port}`,
    shell: `kubectl exec --namespace ${namespace} --stdin --tty service/${host} -- sh`,
  };
}

/** Of a system that is its add-ons: their pods, and how to look at them. */
function addonCommands({ addons }: PlatformModel): Record<string, string> {
  const all: ({ namespace?: string; ownership?: string } | undefined)[] = Object.values(addons);
  const own = all.flatMap((addon) => (addon?.ownership === "own" && addon.namespace ? [addon.namespace] : []));
  return {
    ...Object.fromEntries(own.map((namespace) => [namespace, `kubectl get pods --namespace ${namespace}`])),
    ...reachAddons(addons),
  };
}

/** How to make a dump now, and how to go back to the last one. */
function backups(namespace: string, data: PlatformModel["data"]): Record<string, string> {
  const dumped = Object.entries(data).filter(
    ([, store]) => store.engine === "postgresql" && store.backup && !store.existing,
  );
  if (dumped.length === 0) return {};
  const forEach = (command: (name: string) => string) => dumped.map(([name]) => command(name)).join("; ");
  return {
    backup: forEach(
      (name) =>
        `kubectl create job --namespace ${namespace} --from cronjob/${backupName(name)} ${backupName(name)}-manual`,
    ),
    restore: forEach(
      (name) => `npm run restore -- --stack "$(pulumi stack --show-name)" --store ${name} --from latest`,
    ),
  };
}
