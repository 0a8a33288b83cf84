import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ApplicationService,
  type ApplicationServiceArgs,
  CertManager,
  IngressRoutes,
  type IngressRoutesArgs,
  Namespace,
  type NamespaceArgs,
  PostgreSQL,
  Redis,
  Secret,
  type SecretArgs,
} from "../../components/index.ts";
import { asPreviewAndUpdate, only, record } from "./mocks.ts";

const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };
const service: ApplicationServiceArgs = {
  namespace: "shop",
  image: { repository: "ghcr.io/shop/cart", tag: "1.2.3" },
  ports: [{ name: "http", port: 8080 }],
  resources,
  probes: { readiness: { http: "/ready", port: "http" }, liveness: { http: "/health", port: "http" } },
};
const database = {
  namespace: "shop",
  database: "shop",
  username: "shop",
  connectionSecret: { name: "db-secret" },
};
const routes: IngressRoutesArgs = {
  namespace: "shop",
  instance: "shop",
  domain: "shop.example.com",
  issuer: "selfsigned",
  services: { web: { ports: [{ name: "http", port: 8080, protocol: "TCP" }] } },
  ingress: { tlsSecret: "web-tls", routes: [{ path: "/", service: "web" }] },
};
const cart = (more: object, name = "cart") => new ApplicationService(name, { ...service, ...more });
const route = (more: object) => new IngressRoutes("web", { ...routes, ...more });
const space = (more: object) => new Namespace("shop", { namespace: "shop", instance: "shop", ...more });

/** What the one error of a program says of each problem, without its headline. */
async function told(program: () => unknown): Promise<string[]> {
  try {
    await record(false, program);
  } catch (error) {
    const [headline, ...lines] = (error as Error).message.split("\n");
    assert.match(headline ?? "", new RegExp(`^\\w+ "[^"]+" has ${lines.length} problems?:$`));
    return lines.map((line) => line.trim());
  }
  return [];
}

describe("arguments of components", () => {
  const wrong: [string, () => unknown, RegExp[]][] = [
    [
      "a namespace",
      () =>
        space({
          namespace: "Bad_NS",
          instance: "sh op",
          podSecurity: "resticted",
          podSecurityVersion: "1.30",
          quota: { memory: "lots", cpu: "1 core" },
          labels: { "pod-security.kubernetes.io/enforce-version": "v1.30" },
          pullSecrets: { Bad_Secret: "{}" },
          protected: true,
        }),
      [
        /^namespace: .*RFC 1123 label/,
        /^instance: .*1 to 63/,
        /^labels\..*made for you/,
        /^podSecurity: .*restricted, baseline/,
        /^podSecurityVersion: .*"v1\.36"/,
        /^quota\.cpu: .*quantity/,
        /^quota\.memory: .*quantity/,
        /^pullSecrets\.Bad_Secret: .*RFC 1123/,
        /^protected: unknown key/,
      ],
    ],
    [
      "a Secret",
      () =>
        new Secret("keys", {
          name: "Keys",
          namespace: "shop",
          instance: "shop",
          keys: { "a b": { value: "x" }, few: { generate: 0 }, none: { value: 5 }, fetched: { stored: "token" } },
          rotation: -1,
        } as unknown as SecretArgs),
      [
        /^name: .*RFC 1123 subdomain/,
        /^keys\.a b: .*key of a ConfigMap or Secret/,
        /^keys\.few\.generate: .*at least 1/,
        /^keys\.none\.value: has the wrong type; give a string/,
        /^rotation: .*at least 0/,
      ],
    ],
    [
      "a Secret's stored keys without a store",
      () => new Secret("keys", { namespace: "shop", instance: "shop", keys: { fetched: { stored: "token" } } }),
      [/^store: is missing; say where/],
    ],
    [
      "routes",
      () =>
        route({
          domain: "Not A Host",
          issuer: "No Issuer",
          ingress: { tlsSecret: "Bad Name", routes: [{ path: "nope", service: "web" }] },
        }),
      [
        /^domain: .*host name/,
        /^ingress\.tlsSecret: .*RFC 1123/,
        /^ingress\.routes\[0\]\.path: .*"\/"/,
        /^issuer: .*RFC 1123/,
      ],
    ],
    [
      "routes that lead nowhere",
      () =>
        route({
          ingress: {
            tlsSecret: "web-tls",
            routes: [
              { path: "/", service: "wbe" },
              { path: "/a", service: "web", port: "grpc" },
            ],
          },
        }),
      [
        /^ingress\.routes\[0\]\.service: there is no service "wbe"; did you mean "web"/,
        /^ingress\.routes\[1\]\.port: service "web" has no port "grpc"/,
      ],
    ],
    [
      "a service's names and variables",
      () =>
        cart(
          {
            namespace: "Bad_NS",
            instance: "sh op",
            component: "a b",
            env: {
              "MY VAR": "1",
              KEY: { secret: "Bad", key: "a" },
              LOG: "x",
              FIVE: 5,
              OTHER: { secret: "ok", kee: "a" },
            },
            secretEnv: { "1ST": "x", LOG: "y" },
            pullSecrets: ["Bad_Secret"],
            rollout: { "a b": "1" },
          },
          "Cart_API",
        ),
      [
        /^name: .*RFC 1123 label/,
        /^namespace: .*RFC 1123 label/,
        /^instance: .*1 to 63/,
        /^env\.MY VAR: .*environment variable name/,
        /^env\.KEY\.secret: .*RFC 1123/,
        /^env\.FIVE: .*one of: a literal value \| \{secret, key\}/,
        /^env\.OTHER\.kee: unknown key; did you mean "key"/,
        /^env\.OTHER\.key: is missing/,
        /^secretEnv\.1ST: .*environment variable name/,
        /^pullSecrets\[0\]: .*RFC 1123/,
        /^rollout\.a b: .*annotation/,
        /^secretEnv\.LOG: is given under env too/,
        /^component: .*at most 63/,
      ],
    ],
    [
      "a StatefulSet's name that leaves no room for its pods' labels",
      () => cart({ kind: "StatefulSet" }, "a".repeat(60)),
      [/^name: "a+" is too long: its StatefulSet would .* 52 characters; at most 52 characters$/],
    ],
    [
      "a service, whose fields do not fit, together with those that do not fit together",
      () => cart({ replicas: -1, imagePullPolicy: "Sometimes", metrics: { port: "metrics" } }),
      [/^imagePullPolicy: /, /^replicas: /, /^metrics\.port: there is no port "metrics"/],
    ],
    [
      "all of a PostgreSQL at once",
      () =>
        new PostgreSQL("db", {
          ...database,
          instance: "sh op",
          registry: "https://registry.example.com",
          database: "S-x",
          connectionSecret: { name: "db", urlKey: "host" },
          password: "x",
        }),
      [
        /^instance: .*1 to 63/,
        /^registry: .*must be a registry/,
        /^database: .*plain PostgreSQL name/,
        /^connectionSecret\.urlKey: "host" is the key of another value/,
        /^password: is given, but the server is made here/,
      ],
    ],
    [
      "a PostgreSQL's name that leaves no room for its primary's pods",
      () =>
        new PostgreSQL("d".repeat(45), {
          ...database,
          architecture: "replication",
          readReplicas: { count: 1, storage: { size: "8Gi" }, resources },
        }),
      [/^name: .*StatefulSet would be called "?d+-primary"?, .*at most 44 characters$/],
    ],
    [
      "all of a Redis at once",
      () => new Redis("Cache", { namespace: "shop", connectionSecret: { name: "c", urlKey: "port" }, password: "x" }),
      [/^name: .*RFC 1123/, /^connectionSecret\.urlKey: "port"/, /^password: is given/],
    ],
    [
      "a version of cert-manager whose values nobody knows",
      () => new CertManager("certs", { version: "1.5.0" }),
      [/^version: .*1\.13 to 1\.21/],
    ],
  ];
  for (const [what, program, messages] of wrong) {
    it(`are refused: ${what}`, async () => {
      const lines = await told(program);
      const text = lines.join("\n");
      assert.equal(lines.length, messages.length, text);
      for (const message of messages)
        assert.ok(
          lines.some((line) => message.test(line)),
          `${message} in\n${text}`,
        );
    });
  }

  it("never show a secret's value", async () => {
    const lines = await told(
      () => new Secret("keys", { namespace: "A", instance: "shop", keys: { "a b": { value: "hidden" } } }),
    );
    assert.equal(lines.length, 2);
    assert.ok(!lines.join().includes("hidden"));
  });

  asPreviewAndUpdate((preview) => {
    it("may be Outputs where the cluster takes texts, which are not looked at", async () => {
      const later = pulumi.output("Not Checked");
      const made = await record(preview, () => {
        cart({ env: { URL: later }, secretEnv: { KEY: later } });
        new Secret("keys", { namespace: "shop", instance: "shop", keys: { a: { value: later } } });
        space({ pullSecrets: { registry: later } });
      });
      const deployment = only(made, "Deployment").inputs as unknown as { spec: unknown };
      assert.match(JSON.stringify(deployment.spec), /"name":"URL","value":"Not Checked"/);
    });

    it("hold a namespace to the version of Pod Security that is asked for", async () => {
      const labels = async (more: Partial<NamespaceArgs>) => {
        const made = await record(preview, () => space(more));
        const namespaces = made.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
        const { metadata } = only(namespaces, "Namespace").inputs as unknown as {
          metadata: { labels: Record<string, string> };
        };
        return ["enforce", "audit", "warn"].map(
          (mode) => metadata.labels[`pod-security.kubernetes.io/${mode}-version`],
        );
      };
      assert.deepEqual(await labels({}), ["latest", "latest", "latest"]);
      assert.deepEqual(await labels({ podSecurityVersion: "v1.30" }), ["v1.30", "v1.30", "v1.30"]);
    });

    it("leave to an Ingress what has a default", async () => {
      const made = await record(preview, () => route({}));
      const { spec } = only(made, "Ingress").inputs as unknown as {
        spec: { ingressClassName: string; rules: { http: { paths: { pathType: string }[] } }[] };
      };
      assert.deepEqual([spec.ingressClassName, spec.rules[0]?.http.paths[0]?.pathType], ["nginx", "Prefix"]);
    });
  });
});
