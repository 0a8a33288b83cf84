import { checkDataStore } from "./data-store-checks.ts";
import { checkEnv, checkSecretSources } from "./env-checks.ts";
import { checkJobs } from "./job-checks.ts";
import { checkNames } from "./name-checks.ts";
import { checkJobName, checkServiceName, checkStoreName } from "./name-lengths.ts";
import { longestHost } from "./names.ts";
import { checkNamespaces } from "./namespace-checks.ts";
import { own } from "./own.ts";
import { oneOf } from "./problems.ts";
import { checkQuota } from "./quota-checks.ts";
import { checkReleases } from "./release.ts";
import { checkLogins } from "./rotation-checks.ts";
import type { Service } from "./service.ts";
import { checkService } from "./service-checks.ts";
import type { Ingress, PlatformModel, Problem } from "./system.ts";
import { checkSharedVolumes } from "./volume-checks.ts";

type Model = Pick<
  PlatformModel,
  | "name"
  | "namespace"
  | "namespaceLabels"
  | "services"
  | "jobs"
  | "volumes"
  | "data"
  | "secrets"
  | "configs"
  | "ingresses"
  | "rotation"
  | "domain"
  | "addons"
  | "releases"
  | "dashboards"
  | "alerts"
  | "pullSecrets"
  | "quota"
>;

/** Everything in a model that fits field by field but not together. Paths are the model's own. */
export function checkPlatform(model: Model): Problem[] {
  return [
    ...Object.entries(model.services).flatMap(([name, service]) => [
      ...under(["services", name], checkService(service)),
      ...under(["services", name], checkServiceName(name, service, [])),
      ...under(["services", name], checkUses(name, service, model)),
      ...under(["services", name], checkEnv(service, model)),
      ...under(["services", name], checkScalers(service, model)),
    ]),
    ...Object.entries(model.data).flatMap(([name, store]) =>
      under(["data", name], [...checkDataStore(store), ...checkStoreName(name, store, [])]),
    ),
    ...checkJobs(model),
    ...Object.entries(model.jobs).flatMap(([name, job]) => under(["jobs", name], checkJobName(name, job))),
    ...checkSharedVolumes(model),
    ...checkSecretSources(model),
    ...checkLogins(model),
    ...checkNames(model),
    ...checkNamespaces(model),
    ...checkQuota(model),
    ...checkIngresses(model),
    ...checkClass(model),
    ...checkAddons(model),
    ...under(["releases"], checkReleases(model.releases, model.services)),
    ...checkDashboards(model),
    ...Object.keys(model.rotation)
      .filter((name) => !Object.hasOwn(model.secrets, name))
      .map((name) => ({
        path: ["rotation", name],
        message: `there is no secret "${name}"`,
        fix: oneOf(name, Object.keys(model.secrets)),
      })),
  ];
}

function under(prefix: (string | number)[], problems: Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }));
}

function checkUses(self: string, { uses }: Service, { services, data }: Model): Problem[] {
  const known = [...Object.keys(services), ...Object.keys(data)].filter((name) => name !== self);
  return uses.flatMap((name, index): Problem[] => {
    if (Object.hasOwn(data, name)) return [];
    const path = ["uses", index];
    if (name === self || !Object.hasOwn(services, name))
      return [{ path, message: `there is no service or data store "${name}" to use`, fix: oneOf(name, known) }];
    return services[name]?.ports.length
      ? []
      : [
          {
            path,
            message: `service "${name}" has no port`,
            fix: `declare one under services.${name}.ports, or remove the relation`,
          },
        ];
  });
}

function checkIngresses({ ingresses, services, domain }: Model): Problem[] {
  const problems: Problem[] = [];
  const hosts = new Map<string, string>();
  for (const [name, { subdomain, routes }] of Object.entries(ingresses)) {
    const host = ingressHost(domain, subdomain);
    const other = hosts.get(host);
    if (other)
      problems.push({
        path: ["ingresses", name, "subdomain"],
        message: `host ${host} is used by ingress "${other}" too`,
        fix: "a subdomain of its own, or put the routes into one ingress",
      });
    hosts.set(host, name);
    if (host.length > longestHost)
      problems.push({
        path: ["ingresses", name, "subdomain"],
        message: `host ${host} has ${host.length} characters`,
        fix: `at most ${longestHost}: a shorter domain, or a shorter subdomain`,
      });
    problems.push(...under(["ingresses", name], checkRoutes(routes, services)));
  }
  return problems;
}

/** Routes that lead nowhere, and paths that lead to two places. Paths of problems begin with `routes`. */
export function checkRoutes(routes: Ingress["routes"], services: Record<string, Pick<Service, "ports">>): Problem[] {
  const problems: Problem[] = [];
  const paths = new Set<string>();
  for (const [index, route] of routes.entries()) {
    const path = ["routes", index];
    if (paths.has(route.path))
      problems.push({ path: [...path, "path"], message: `path ${route.path} is used twice`, fix: "each path once" });
    paths.add(route.path);
    const ports = own(services, route.service)?.ports;
    if (!ports)
      problems.push({
        path: [...path, "service"],
        message: `there is no service "${route.service}"`,
        fix: oneOf(route.service, Object.keys(services)),
      });
    else if (!ports.length)
      problems.push({
        path: [...path, "service"],
        message: `service "${route.service}" has no port`,
        fix: `declare one under services.${route.service}.ports`,
      });
    else if (route.port && !ports.some((port) => port.name === route.port)) {
      problems.push({
        path: [...path, "port"],
        message: `service "${route.service}" has no port "${route.port}"`,
        fix: oneOf(
          route.port,
          ports.map((port) => port.name),
        ),
      });
    }
  }
  return problems;
}

/** Only the controller that the system knows may reach its services, and it passes Ingresses of other classes over. */
function checkClass({ addons, ingresses }: Model): Problem[] {
  const taken = addons.ingressNginx?.class;
  const [other] = Object.entries(ingresses).filter(([, ingress]) => taken !== undefined && ingress.class !== taken);
  if (!other) return [];
  const [name, ingress] = other;
  return [
    {
      path: ["addons", "ingressNginx", "class"],
      message: `the controller would take class ${taken}, and ingress "${name}" is of class ${ingress.class}`,
      fix: `${ingress.class}, or ingresses of class ${taken}`,
    },
  ];
}

function checkAddons({ addons }: Model): Problem[] {
  const { certManager, clusterIssuers, ingressNginx, monitoring } = addons;
  const needing = Object.entries({ clusterIssuers, ingressNginx, monitoring }).filter(
    ([, addon]) => addon?.ownership === "own",
  );
  if (certManager) return [];
  return needing.map(([name]) => ({
    path: ["addons", name],
    message: "needs cert-manager",
    fix: "declare addons.certManager, own or present",
  }));
}

/** Autoscalers that nothing in the cluster would act on. */
function checkScalers({ autoscaling, verticalScaling }: Service, { addons }: Model): Problem[] {
  const problems: Problem[] = [];
  const [metric] = Object.keys(autoscaling?.pods ?? {});
  if (metric && !addons.metricsAdapter)
    problems.push({
      path: ["autoscaling", "pods", metric],
      message: "nothing serves metrics of pods to the autoscaler",
      fix: "install an adapter and declare addons.metricsAdapter: {}",
    });
  if (verticalScaling && !addons.verticalPodAutoscaler)
    problems.push({
      path: ["verticalScaling"],
      message: "needs the VerticalPodAutoscaler in the cluster",
      fix: "install it and declare addons.verticalPodAutoscaler: {}",
    });
  return problems;
}

function checkDashboards({ dashboards, services }: Model): Problem[] {
  return Object.entries(dashboards).flatMap(([name, { services: shown = [] }]) =>
    shown.flatMap((service, index): Problem[] =>
      Object.hasOwn(services, service)
        ? []
        : [
            {
              path: ["dashboards", name, "services", index],
              message: `there is no service "${service}"`,
              fix: oneOf(service, Object.keys(services)),
            },
          ],
    ),
  );
}

/** The host of an ingress: the domain, or a subdomain of it. */
export function ingressHost(domain: string, subdomain: string | undefined): string {
  return subdomain ? `${subdomain}.${domain}` : domain;
}
