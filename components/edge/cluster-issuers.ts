import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { webhookRetry } from "../charts/webhook-retry.ts";
import {
  type ClusterIssuerName,
  type ClusterIssuersAddon,
  clusterIssuerNames,
  clusterIssuersSchema,
} from "../model/addons.ts";
import { standardLabels } from "../model/names.ts";
import { parseArgs } from "../plain.ts";

/** ClusterIssuers; see `clusterIssuersSchema` for each field's meaning and default. */
export interface ClusterIssuersArgs extends z.input<typeof clusterIssuersSchema> {
  /** IngressClass that answers Let's Encrypt's HTTP-01 challenges. @default "nginx" */
  ingressClass?: string;
}

/** Let's Encrypt's directories (letsencrypt.org, "ACME protocol"; "Staging environment"). */
const acmeServers: Partial<Record<ClusterIssuerName, string>> = {
  "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
  "letsencrypt-prod": "https://acme-v02.api.letsencrypt.org/directory",
};

/** The `spec` of one of the issuers. */
export function clusterIssuerSpec(
  name: ClusterIssuerName,
  { email }: Pick<ClusterIssuersAddon, "email">,
  ingressClass: string,
): Record<string, unknown> {
  const server = acmeServers[name];
  if (!server) return { selfSigned: {} };
  return {
    acme: {
      server,
      ...(email ? { email } : {}),
      privateKeySecretRef: { name: `${name}-account` },
      solvers: [{ http01: { ingress: { ingressClassName: ingressClass } } }],
    },
  };
}

/**
 * The ClusterIssuers letsencrypt-staging, letsencrypt-prod (both by HTTP-01 through an IngressClass) and selfsigned. They need
 * cert-manager: depend on `CertManager`.
 *
 * Creating one calls cert-manager's webhook: `dependsOn` waits for its pods, and a retry for the CA that the API server is told
 * a moment later (see `webhookRetry`).
 */
export class ClusterIssuers extends pulumi.ComponentResource {
  /** Name of the issuer that signs where nothing else is said. */
  readonly defaultIssuer: pulumi.Output<string>;

  constructor(name: string, args: ClusterIssuersArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:edge:ClusterIssuers", name, {}, opts);
    const { ingressClass = "nginx", ...model } = args;
    const addon = parseArgs(clusterIssuersSchema, model, `ClusterIssuers "${name}"`);
    this.defaultIssuer = pulumi.output(addon.default);
    if (addon.ownership === "own") {
      const hooks = { onError: [webhookRetry()] };
      for (const issuer of clusterIssuerNames) {
        new k8s.apiextensions.CustomResource(
          `${name}-${issuer}`,
          {
            apiVersion: "cert-manager.io/v1",
            kind: "ClusterIssuer",
            metadata: { name: issuer, labels: standardLabels(issuer, "cert-manager", { component: "issuer" }) },
            spec: clusterIssuerSpec(issuer, addon, ingressClass),
          },
          { parent: this, hooks, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
        );
      }
    }
    this.registerOutputs({ defaultIssuer: this.defaultIssuer });
  }
}
