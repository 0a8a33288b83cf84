import assert from "node:assert/strict";
import { SettingsError } from "../../settings/read.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

/** What a stack of CodeLab in prod is told about its settings, given below `keelson:` by key. */
function problems(settings: Record<string, unknown>): string[] {
  const config = Object.fromEntries(
    Object.entries({ system: "codelab", environment: "prod", ...settings }).map(([key, value]) => [
      `keelson:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  try {
    resolve({ config, stack: "prod", systems, sandbox });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
}

// Each of these was tried with an API server, which refuses the object or ends the update half-way.
const refused: [string, Record<string, unknown>, RegExp][] = [
  [
    "Sunday as 7",
    { data: { postgres: { backup: { schedule: "0 3 * * 7" } } } },
    /keelson:data\.postgres\.backup\.schedule: does not fit; the day of the week must be 0 to 6/,
  ],
  [
    "a schedule's own time zone",
    { data: { postgres: { backup: { schedule: "TZ=UTC 3 * * *" } } } },
    /keelson:data\.postgres\.backup\.schedule: .* time zone has a key of its own/,
  ],
  [
    "a step of nothing",
    { addons: { velero: { bucket: "b-1", region: "r", schedule: "*/0 * * * *" } } },
    /keelson:addons\.velero\.schedule: .* step of at least 1/,
  ],
  [
    "a time zone that is not there",
    { data: { postgres: { backup: { timeZone: "Mars/Olympus" } } } },
    /keelson:data\.postgres\.backup\.timeZone: .* a time zone that exists/,
  ],
  [
    "the time zone of the cluster's machine",
    { data: { postgres: { backup: { timeZone: "Local" } } } },
    /keelson:data\.postgres\.backup\.timeZone: .* a time zone such as/,
  ],
  [
    "more pods than 32 bits can count",
    { services: { gateway: { autoscaling: false, replicas: 3_000_000_000 } } },
    /keelson:services\.gateway\.replicas: is too large; at most 10000/,
  ],
  [
    "an autoscaler with more pods than 32 bits can count",
    { services: { gateway: { autoscaling: { max: 3_000_000_000 } } } },
    /keelson:services\.gateway\.autoscaling\.max: is too large; at most 10000/,
  ],
  [
    "a rollout that may take thirty million years",
    { services: { gateway: { timeoutSeconds: 1e15 } } },
    /keelson:services\.gateway\.timeoutSeconds: is too large; at most 2592000/,
  ],
  [
    "one namespace for two add-ons",
    { addons: { certManager: { namespace: "shared" }, ingressNginx: { namespace: "shared" } } },
    /keelson:addons\.ingressNginx\.namespace: "shared" is taken by addons\.certManager\.namespace; a namespace of its own/,
  ],
  [
    "an add-on in the system's own namespace",
    { addons: { ingressNginx: { namespace: "codelab" } } },
    /keelson:addons\.ingressNginx\.namespace: "codelab" is taken by namespace/,
  ],
  [
    "an add-on in Kubernetes' own namespace",
    { addons: { ingressNginx: { namespace: "kube-system" } } },
    /keelson:addons\.ingressNginx\.namespace: "kube-system" is Kubernetes' own/,
  ],
  [
    "a pull Secret of the name of another Secret",
    { pullSecrets: ["api-keys"] },
    /keelson:pullSecrets\[0\]: "api-keys" is taken by secrets\.api-keys; a name of its own for each Secret/,
  ],
  [
    "a pull Secret of the name of a connection",
    { pullSecrets: ["postgres-secret"] },
    /keelson:pullSecrets\[0\]: "postgres-secret" is taken by data\.postgres;/,
  ],
  [
    "a pull Secret of the name of a chart's passwords",
    { pullSecrets: ["postgres-auth"] },
    /keelson:pullSecrets\[0\]: "postgres-auth" is taken by data\.postgres;/,
  ],
  [
    "a pull Secret of the name of a certificate",
    { pullSecrets: ["codelab-tls"] },
    /keelson:pullSecrets\[0\]: "codelab-tls" is taken by ingresses\.codelab-ingress;/,
  ],
  [
    "a pull Secret that is another issued secret",
    { pullSecrets: ["openai-api-key"] },
    /keelson:pullSecrets\[0\]: "openai-api-key" is taken by secrets\.api-keys; a name of its own for each issued secret/,
  ],
  [
    "a pull Secret twice",
    { pullSecrets: ["registry", "registry"] },
    /keelson:pullSecrets\[1\]: "registry" is taken by pullSecrets\[0\];/,
  ],
  [
    "a pull Secret of the name of Grafana's administrator",
    {
      addons: { certManager: { ownership: "own" }, monitoring: { ownership: "own" } },
      pullSecrets: ["grafana-admin"],
    },
    /keelson:pullSecrets\[0\]: "grafana-admin" is taken by addons\.monitoring;/,
  ],
  [
    "a system in a namespace that is always there",
    { namespace: "default" },
    /keelson:namespace: "default" is Kubernetes' own/,
  ],
  [
    "addresses of the API server beyond their prefix",
    { network: { apiServer: { cidrs: ["10.0.0.5/8"] } } },
    /keelson:network\.apiServer\.cidrs\[0\]: .*no bits beyond the prefix, and be written as 10\.0\.0\.0\/8/,
  ],
  [
    "addresses of a server beyond their prefix",
    { data: { postgres: { existing: { host: "db.example.com", cidr: "10.1.2.3/16" } } } },
    /keelson:data\.postgres\.existing\.cidr: .*10\.1\.0\.0\/16/,
  ],
  [
    "a smaller disk for dumps",
    { data: { postgres: { backup: { storage: { size: "1Gi" } } } } },
    /keelson:data\.postgres\.backup\.storage\.size: 1Gi is less than the 50Gi that the system declares, and a volume never shrinks/,
  ],
  [
    "a smaller disk for metrics",
    { system: "cluster", addons: { monitoring: { storage: { size: "1Gi" } } } },
    /keelson:addons\.monitoring\.storage\.size: 1Gi is less than the 50Gi that the system declares, and a volume never shrinks/,
  ],
  [
    "a disk of a server that somebody else runs",
    { data: { postgres: { existing: { host: "db.example.com" }, storage: { size: "100Gi" } } } },
    /keelson:data\.postgres\.storage: has no effect on a server that somebody else runs/,
  ],
  ["an address for a domain", { domain: "10.0.0.1" }, /keelson:domain: does not fit; must be a host name/],
  [
    "more than 63 characters between the dots of a domain",
    { domain: `${"a".repeat(64)}.example.com` },
    /keelson:domain: does not fit; must be a host name .* at most 63 characters between dots/,
  ],
  ...["a..b/c", "a-.b/c", `${"a".repeat(254)}/c`, "-a/c", "A/c", "a/b/c", "/c"].map(
    (label): (typeof refused)[number] => [
      `the label ${label.slice(0, 20)}`,
      { namespaceLabels: { [label]: "x" } },
      /keelson:namespaceLabels\..* is no valid name; must be a label such as/,
    ],
  ),
  [
    "a namespace of another name by its label",
    { namespaceLabels: { "kubernetes.io/metadata.name": "other" } },
    /keelson:namespaceLabels\.kubernetes\.io\/metadata\.name: is no valid name; must not be one that is made for you/,
  ],
  [
    "a label of monitors that is none",
    { addons: { monitoring: { labels: { "a b!": "x" } } } },
    /keelson:addons\.monitoring\.labels\.a b!: is no valid name/,
  ],
  [
    "a label of monitors with a value that is none",
    { addons: { monitoring: { labels: { a: "x y z/" } } } },
    /keelson:addons\.monitoring\.labels\.a: does not fit; must be at most 63 letters/,
  ],
  [
    "a namespace without room for a pod",
    { quota: { pods: 1 } },
    /keelson:quota\.pods: 1 is less than the \d+ that the workloads need at their smallest; at least \d+/,
  ],
  [
    "more cores than there are numbers",
    { quota: { cpu: "1e400" } },
    /keelson:quota\.cpu: does not fit; must be a Kubernetes quantity above zero that 63 bits can count/,
  ],
  [
    "more cores than 63 bits can count",
    { quota: { cpu: "1E" } },
    /keelson:quota\.cpu: does not fit; must be a Kubernetes quantity above zero that 63 bits can count/,
  ],
  [
    "a controller that passes the system's Ingresses over",
    { addons: { ingressNginx: { class: "internal" } } },
    /keelson:addons\.ingressNginx\.class: the controller would take class internal, and ingress "codelab-ingress" is of class nginx; nginx, or/,
  ],
  [
    "a user of Docker Hub's for a registry",
    { registry: "mirror" },
    /keelson:registry: .* whose name has a "\." or a port/,
  ],
  ...["minio:9000", "javascript:alert(1)", "https:minio.example.com"].map((endpoint): (typeof refused)[number] => [
    `the address ${endpoint}`,
    { addons: { velero: { bucket: "b-1", region: "r", endpoint } } },
    /keelson:addons\.velero\.endpoint: does not fit; must begin with "https:\/\/"/,
  ]),
  [
    "an address that is a host and a port",
    { gitops: { argoCd: { repository: "https://example.com/a", path: "p", server: "kubernetes:443" } } },
    /keelson:gitops\.argoCd\.server: does not fit; must begin with "https:\/\/"/,
  ],
  [
    "the label that names the stack",
    { namespaceLabels: { "keelson.dev/stack": "other" } },
    /keelson:namespaceLabels\.keelson\.dev\/stack: is made for you, of the stack's name; remove it/,
  ],
];

describe("what Kubernetes would refuse", () => {
  for (const [what, settings, message] of refused) {
    it(`is refused when settings are read: ${what}`, () => {
      const found = problems(settings);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }
});
