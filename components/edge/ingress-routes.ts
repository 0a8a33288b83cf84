import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { input, placeSchema } from "../arguments.ts";
import { webhookRetry } from "../charts/webhook-retry.ts";
import { hostSchema, nameSchema, objectNameSchema, standardLabels } from "../model/names.ts";
import { checkRoutes, ingressHost } from "../model/platform-checks.ts";
import { parseModel } from "../model/problems.ts";
import { type Service, serviceHost, servicePort, servicePortSchema } from "../model/service.ts";
import { type Ingress, ingressSchema } from "../model/system.ts";

export interface IngressRoutesArgs {
  /** Name of the Ingress in the cluster. @default the component's name */
  name?: string;
  namespace: string;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  domain: string;
  /** Its subdomain, class, certificate and routes; see `ingressSchema` for each field's meaning and default. */
  ingress: z.input<typeof ingressSchema>;
  /** ClusterIssuer that signs where the ingress names none. */
  issuer: string;
  /** The services that the routes name; each lies in the same namespace. */
  services: Record<string, Pick<Service, "ports" | "serviceName">>;
}

const routesArguments = z.strictObject({
  // It is the value of a label too.
  name: objectNameSchema.max(63, { error: "must have at most 63 characters" }),
  ...placeSchema.shape,
  domain: hostSchema,
  ingress: ingressSchema,
  issuer: objectNameSchema,
  // Whole services do as well: only what leads to them is looked at.
  services: z.record(
    nameSchema,
    z.object({ ports: z.array(servicePortSchema), serviceName: input(nameSchema).optional() }),
  ),
});

/** What the Ingress looks like: one host with TLS, its certificate signed by a ClusterIssuer. */
export function ingressObject(
  name: string,
  args: Omit<IngressRoutesArgs, "ingress"> & { ingress: Ingress },
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
export class IngressRoutes extends pulumi.ComponentResource {
  /** Where the routes are reached. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: IngressRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:edge:IngressRoutes", name, {}, opts);
    const object = args.name ?? name;
    const { ingress: model } = parseModel(routesArguments, { ...args, name: object }, `IngressRoutes "${name}"`, {
      checks: [
        ({ ingress, services }) =>
          checkRoutes(ingress.routes, services).map((problem) => ({ ...problem, path: ["ingress", ...problem.path] })),
      ],
    });
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      ingressObject(object, { ...args, ingress: model }),
      {
        parent: this,
        // ingress-nginx's webhook looks at every Ingress, and may not be ready at the first `up`.
        hooks: { onError: [webhookRetry()] },
      },
    );
    this.url = ingress.spec.apply(
      ({ rules }) => `https://${rules?.[0]?.host ?? ingressHost(args.domain, args.ingress.subdomain)}`,
    );
    this.registerOutputs({ url: this.url });
  }
}
