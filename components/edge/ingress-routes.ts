import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placeSchema } from "../arguments.ts";
import { webhookRetry } from "../charts/webhook-retry.ts";
import { hostSchema, nameSchema, objectNameSchema, standardLabels } from "../model/names.ts";
import { checkRoutes, ingressHost } from "../model/platform-checks.ts";
import type { Member, PodGroup, Relation } from "../model/relations.ts";
import { type Service, serviceHost, servicePort, servicePortSchema } from "../model/service.ts";
import { routeRelations } from "../model/service-relations.ts";
import { type Ingress, ingressSchema } from "../model/system.ts";
import { parseArgs } from "../plain.ts";
import { inNamespace, type NamespaceInput, namespaceInput, namespaceName } from "../security/namespace.ts";
import type { ApplicationService } from "../workloads/application-service.ts";
import { challengeRelation } from "./addon-relations.ts";
import type { IngressNginx } from "./ingress-nginx.ts";

/** What routes need to know of services. */
const namedServices = z.record(
  nameSchema,
  // Whole services do as well: only what leads to them is looked at.
  z.object({ ports: z.array(servicePortSchema), serviceName: nameSchema.optional() }),
);

/** An Ingress as one writes it; see `ingressSchema` for each field's meaning and default. */
export interface IngressArgs extends Omit<z.input<typeof ingressSchema>, "routes"> {
  /** Which path leads to which service. */
  routes: RouteArgs[];
}

/** One route: a path, and the service that it leads to. */
export interface RouteArgs extends Omit<z.input<typeof ingressSchema>["routes"][number], "service"> {
  /** The service, or the name of one under `services`. It lies in the same namespace. */
  service: string | ApplicationService;
}

export interface IngressRoutesArgs {
  /** Name of the Ingress in the cluster. @default the component's name */
  name?: string;
  namespace: NamespaceInput;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  domain: string;
  /** Its subdomain, class, certificate and routes; see `ingressSchema` for each field's meaning and default. */
  ingress: IngressArgs;
  /** ClusterIssuer that signs where the ingress names none. */
  issuer: string;
  /** Services that routes give by name. @default {} */
  services?: z.input<typeof namedServices>;
  /**
   * The controller that serves the routes: its class is the default of `ingress.class`, and `NetworkPolicies` lets it reach what they
   * lead to. @default class nginx, and no relations
   */
  controller?: IngressNginx;
}

/** What an Ingress is made of. */
interface IngressModel extends Pick<IngressRoutesArgs, "instance" | "domain" | "issuer"> {
  namespace: pulumi.Input<string>;
  ingress: Ingress;
  services: Record<string, Pick<Service, "ports" | "serviceName">>;
}

const routesArguments = z.strictObject({
  // It is the value of a label too.
  name: objectNameSchema.max(63, { error: "must have at most 63 characters" }),
  ...placeSchema.shape,
  domain: hostSchema,
  ingress: ingressSchema,
  issuer: objectNameSchema,
  controller: z.unknown().optional(),
  services: namedServices,
});

/** What the Ingress looks like: one host with TLS, its certificate signed by a ClusterIssuer. */
export function ingressObject(
  name: string,
  args: IngressModel,
): { metadata: k8s.types.input.meta.v1.ObjectMeta; spec: k8s.types.input.networking.v1.IngressSpec } {
  const { namespace, instance, ingress, services } = args;
  const host = ingressHost(args.domain, ingress.subdomain);
  return {
    metadata: {
      name,
      namespace,
      labels: standardLabels(name, instance, { component: "ingress" }),
      annotations: { "cert-manager.io/cluster-issuer": ingress.issuer ?? args.issuer, ...ingress.annotations },
    },
    spec: {
      ingressClassName: ingress.class,
      tls: [{ hosts: [host], secretName: ingress.tlsSecret }],
      rules: [
        {
          host,
          http: {
            paths: ingress.routes.map(({ path, pathType, service, port }) => ({
              path,
              pathType,
              backend: {
                service: {
                  name: serviceHost(service, services[service] ?? {}),
                  port: { number: routePort(services[service]?.ports ?? [], port) },
                },
              },
            })),
          },
        },
      ],
    },
  };
}

function routePort(ports: Service["ports"], name: string | undefined): number {
  const port = name ? ports.find((candidate) => candidate.name === name) : ports[0];
  if (!port) throw new Error(`a route names port "${name ?? "(first)"}", which its service does not have`);
  return servicePort(port);
}

/** One host and its routes to services. Throws one error with all problems. */
export class IngressRoutes extends pulumi.ComponentResource implements Member {
  /** Where the routes are reached. */
  readonly url: pulumi.Output<string>;
  /** None: it has no pods of its own. */
  readonly groups: PodGroup[] = [];
  /**
   * What the controller may reach: the services that routes give as components, and the pods that answer Let's Encrypt's HTTP-01
   * challenge for the certificate.
   */
  readonly relations: Relation[];

  constructor(name: string, args: IngressRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:edge:IngressRoutes", name, {}, inNamespace(args.namespace, opts));
    const { controller } = args;
    const namespace = namespaceInput(args.namespace);
    const object = args.name ?? name;
    const given = routedComponents(args);
    const { ingress, services } = parseArgs(
      routesArguments,
      {
        ...args,
        name: object,
        namespace,
        ingress: withNames(args.ingress, controller),
        services: {
          ...args.services,
          ...Object.fromEntries(given.map(({ service }) => [service.name, reached(service)])),
        },
      },
      `IngressRoutes "${name}"`,
      {
        checks: [
          ({ ingress, services }) =>
            checkRoutes(ingress.routes, services).map((problem) => ({
              ...problem,
              path: ["ingress", ...problem.path],
            })),
        ],
      },
    );
    this.relations = controller
      ? [
          ...given.flatMap(({ service, port }) => routeRelations(controller.group, service.group, service, port)),
          challengeRelation(controller.group, namespaceName(args.namespace, `IngressRoutes "${name}"`)),
        ]
      : [];
    const made = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      ingressObject(object, { ...args, namespace, ingress, services }),
      {
        parent: this,
        // ingress-nginx's webhook looks at every Ingress, and may not be ready at the first `up`.
        hooks: { onError: [webhookRetry()] },
      },
    );
    this.url = made.spec.apply(
      ({ rules }) => `https://${rules?.[0]?.host ?? ingressHost(args.domain, ingress.subdomain)}`,
    );
    this.registerOutputs({ url: this.url });
  }
}

/** The services that routes give as components. What is no list of routes is left to the schema. */
function routedComponents({
  ingress,
}: IngressRoutesArgs): { service: ApplicationService; port?: string | undefined }[] {
  const routes = Array.isArray(ingress?.routes) ? ingress.routes : [];
  return routes.flatMap(({ service, port }) => (isComponent(service) ? [{ service, port }] : []));
}

/** The same Ingress with the names of services in place of components, and the class of its controller where it says none. */
function withNames(ingress: IngressArgs, controller: IngressNginx | undefined): unknown {
  if (!Array.isArray(ingress?.routes)) return ingress;
  const named = ({ service, ...route }: RouteArgs) => ({
    ...route,
    service: isComponent(service) ? service.name : service,
  });
  return { ...(controller ? { class: controller.class } : {}), ...ingress, routes: ingress.routes.map(named) };
}

function isComponent(service: RouteArgs["service"]): service is ApplicationService {
  return pulumi.Resource.isInstance(service);
}

function reached({ ports, host }: ApplicationService): Pick<Service, "ports" | "serviceName"> {
  return { ports, serviceName: host };
}
