import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { webhookRetry } from "../charts/webhook-retry.ts";
import { standardLabels } from "../model/names.ts";
import { ingressHost } from "../model/platform-checks.ts";
import { type Service, serviceHost, servicePort } from "../model/service.ts";
import type { Ingress } from "../model/system.ts";

export interface IngressRoutesArgs {
  /** Name of the Ingress in the cluster. @default the component's name */
  name?: string;
  namespace: string;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  domain: string;
  ingress: Ingress;
  /** ClusterIssuer that signs where the ingress names none. */
  issuer: string;
  /** The services that the routes name; each lies in the same namespace. */
  services: Record<string, Pick<Service, "ports" | "serviceName">>;
}

/** What the Ingress looks like: one host with TLS, its certificate signed by a ClusterIssuer. */
export function ingressObject(
  name: string,
  args: IngressRoutesArgs,
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

/** One host and its routes to services. */
export class IngressRoutes extends pulumi.ComponentResource {
  /** Where the routes are reached. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: IngressRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:edge:IngressRoutes", name, {}, opts);
    const ingress = new k8s.networking.v1.Ingress(`${name}-ingress`, ingressObject(args.name ?? name, args), {
      parent: this,
      // ingress-nginx's webhook looks at every Ingress, and may not be ready at the first `up`.
      hooks: { onError: [webhookRetry()] },
    });
    this.url = ingress.spec.apply(
      ({ rules }) => `https://${rules?.[0]?.host ?? ingressHost(args.domain, args.ingress.subdomain)}`,
    );
    this.registerOutputs({ url: this.url });
  }
}
