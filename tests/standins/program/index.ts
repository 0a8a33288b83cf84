import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { refused } from "./refused.ts";

const config = new pulumi.Config();
const name = config.require("namespace");
const tag = config.get("tag") ?? "1.29";

const provider = new k8s.Provider("cluster", {
  context: process.env.LAB_CONTEXT ?? "",
  clusterIdentifier: "lab",
  enableConfigMapMutable: true,
  enableSecretMutable: true,
});
const options = { provider };

const generated = new random.RandomPassword("password", { length: 24, special: false, keepers: { rotation: "1" } });
const namespace = new k8s.core.v1.Namespace("namespace", { metadata: { name } }, options).metadata.name;
const secret = new k8s.core.v1.Secret(
  "secret",
  {
    metadata: { name: "secret", namespace },
    stringData: { password: generated.result, url: pulumi.interpolate`postgres://user:${generated.result}@host` },
  },
  options,
);
new k8s.core.v1.ConfigMap("config", { metadata: { name: "config", namespace }, data: { tag, fixed: "1" } }, options);

const labels = { app: config.get("app") ?? "web" };
new k8s.apps.v1.Deployment(
  "web",
  {
    metadata: { name: "web", namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          hostNetwork: false,
          ...(config.getBoolean("unschedulable") ? { nodeSelector: { nowhere: "true" } } : {}),
          containers: [
            {
              name: "web",
              image: `nginx:${tag}`,
              args: [],
              env: [
                { name: "PASSWORD", valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "password" } } },
                { name: "EMPTY", value: "" },
              ],
              resources: { limits: { cpu: "1000m", memory: "256Mi" }, requests: { cpu: "0.1", memory: "128Mi" } },
              readinessProbe: { httpGet: { path: "/", port: 80 }, initialDelaySeconds: 0 },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  },
  { ...options, customTimeouts: { create: config.get("timeout") ?? "2m", update: config.get("timeout") ?? "2m" } },
);
new k8s.core.v1.Service(
  "web",
  { metadata: { name: "web", namespace }, spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }] } },
  options,
);
new k8s.networking.v1.NetworkPolicy(
  "deny",
  { metadata: { name: "deny", namespace }, spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [] } },
  options,
);
const chart = new k8s.helm.v4.Chart(
  "demo",
  { chart: `${import.meta.dirname}/chart`, namespace, values: { message: tag } },
  {
    ...options,
    transforms: [
      ({ props, opts, type }) => (type.endsWith(":Service") ? { props: skipAwait(props), opts } : undefined),
    ],
  },
);
new k8s.apiextensions.CustomResource(
  "widget",
  { apiVersion: "lab.keelson.dev/v1", kind: "Widget", metadata: { name: "own", namespace }, spec: { size: 1 } },
  { ...options, dependsOn: chart },
);
const refusal = config.get("refused");
if (refusal) refused[refusal]?.(name, options);

function skipAwait(props: pulumi.Inputs): pulumi.Inputs {
  return { ...props, metadata: { ...props.metadata, annotations: { "pulumi.com/skipAwait": "true" } } };
}

/** Which stack a program, and a pack, are told that they are in. */
export const stack = pulumi.getStack();
export const password = generated.result;
