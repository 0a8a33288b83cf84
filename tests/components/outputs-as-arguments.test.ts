import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { PostgreSQL, type PostgreSQLArgs } from "../../components/data/postgresql.ts";
import { CertManager } from "../../components/edge/cert-manager.ts";
import { IngressNginx } from "../../components/edge/ingress-nginx.ts";
import { IngressRoutes } from "../../components/edge/ingress-routes.ts";
import { NetworkPolicies } from "../../components/network/network-policies.ts";
import { Namespace } from "../../components/security/namespace.ts";
import { Secret } from "../../components/security/secret.ts";
import { ApplicationService, type ApplicationServiceArgs } from "../../components/workloads/application-service.ts";
import { literalEnv } from "../../components/workloads/env.ts";
import { asPreviewAndUpdate, record } from "./mocks.ts";
import { inputsOf } from "./shop.ts";

const service: ApplicationServiceArgs = {
  namespace: "shop",
  image: { repository: "ghcr.io/example/cart", tag: "1" },
  ports: [{ name: "http", port: 8080 }],
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  probes: { readiness: { http: "/", port: "http" }, liveness: { http: "/", port: "http" } },
};
const database: PostgreSQLArgs = {
  namespace: "shop",
  database: "shop",
  username: "shop",
  connectionSecret: { name: "db" },
  source: { kind: "folder", path: "/charts" },
};
const routes = { instance: "shop", domain: "shop.example.com", issuer: "selfsigned" };
const existing = { host: pulumi.output("db.example.com"), cidr: "10.1.0.0/16" };
/** An Output where the types want a plain value, as a program in JavaScript would give it. */
const output = (value: string) => pulumi.output(value) as never;

/** What an Output comes to. */
const settled = (value: unknown) => (pulumi.output(value) as unknown as { promise(): Promise<unknown> }).promise();

describe("Outputs as arguments", () => {
  asPreviewAndUpdate((preview) => {
    it("are taken for a namespace, and names of Secrets and ConfigMaps", async () => {
      const made = await record(preview, () => {
        const { namespace } = new Namespace("shop", { namespace: "shop", instance: "shop" });
        const keys = new Secret("keys", { namespace, instance: "shop", keys: { TOKEN: { generate: 32 } } });
        const db = new PostgreSQL("db", database);
        const cart = new ApplicationService("cart", {
          ...service,
          namespace,
          env: { DATABASE_URL: { secret: db.connectionSecret, key: "url" }, PGHOST: db.host },
          envFrom: [{ secret: keys.secretName }, { config: "settings" }],
        });
        const ingress = { tlsSecret: "site-tls", routes: [{ path: "/", service: cart }] };
        new IngressRoutes("site", { ...routes, namespace, ingress });
      });
      const { metadata, spec } = inputsOf(made, "Deployment", "cart");
      assert.equal(metadata.namespace, "shop");
      const [container] = spec.template.spec.containers;
      assert.deepEqual(container.env, [
        { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } },
        { name: "PGHOST", value: "db" },
      ]);
      assert.deepEqual(container.envFrom, [{ secretRef: { name: "keys" } }, { configMapRef: { name: "settings" } }]);
      assert.equal(inputsOf(made, "Ingress", "site").metadata.namespace, "shop");
      assert.equal(inputsOf(made, "Secret", "keys").metadata.namespace, "shop");
    });

    it("are not needed for the order: what is made in a Namespace comes after it", async () => {
      const made = await record(preview, () => {
        const namespace = new Namespace("shop", { namespace: "shop", instance: "shop" });
        const db = new PostgreSQL("db", { ...database, namespace });
        const cart = new ApplicationService("cart", { ...service, namespace, uses: [db] });
        new Secret("keys", { namespace, instance: "shop", keys: { TOKEN: { value: "x" } } });
        new NetworkPolicies("network", { namespace, instance: "shop", members: [db, cart] });
      });
      for (const name of ["db", "db-auth", "cart", "keys", "network"]) {
        const after = made.find((one) => one.name === name)?.options.dependencies ?? [];
        assert.ok(
          after.some((urn) => urn.endsWith("shop-namespace")),
          `${name} after ${after.join()}`,
        );
      }
      assert.equal(inputsOf(made, "NetworkPolicy", "cart-netpol").metadata.namespace, "shop");
      assert.equal(inputsOf(made, "Deployment", "cart").metadata.namespace, "shop");
    });

    it("may be the host of an existing server", async () => {
      let relations: unknown;
      const made = await record(preview, () => {
        const db = new PostgreSQL("db", { ...database, password: "pass", existing });
        const cart = new ApplicationService("cart", { ...service, uses: [db], env: { PGHOST: db.host } });
        relations = cart.relations;
      });
      assert.deepEqual(relations, [
        {
          from: {
            id: "cart",
            namespace: "shop",
            labels: { "app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "cart" },
          },
          to: { cidr: "10.1.0.0/16" },
          ports: [{ port: 5432 }],
        },
      ]);
      const [container] = inputsOf(made, "Deployment", "cart").spec.template.spec.containers;
      assert.deepEqual(container.env, [{ name: "PGHOST", value: "db.example.com" }]);
      const { url, host } = inputsOf(made, "Secret", "db").stringData;
      assert.equal(host, "db.example.com");
      assert.equal(url, "postgresql://shop:pass@db.example.com:5432/shop?sslmode=require");
    });

    const refused = async (program: () => unknown, message: RegExp) =>
      assert.rejects(record(preview, program), message);

    it("are refused by name where a plain value is needed", async () => {
      await refused(
        () => new ApplicationService("cart", { ...service, image: { repository: "ghcr.io/a/b", tag: output("1") } }),
        /ApplicationService "cart" has 1 problem:\s+image\.tag: is an Output; must be known at preview; give a plain value/,
      );
      await refused(
        () => new PostgreSQL("db", { ...database, namespace: output("shop") }),
        /PostgreSQL "db" has 1 problem:\s+namespace: is an Output; must be known at preview; give the Namespace component/,
      );
      await refused(
        () => new CertManager("cm", { namespace: output("cm"), version: "1" }),
        /CertManager "cm" has 2 problems:\s+namespace: is an Output; must be known at preview[\s\S]*version: /,
      );
    });

    it("are refused together with all else that is wrong, beside Outputs that are taken", async () => {
      const keys = { A: { value: pulumi.output("x") }, B: { generate: output("32") } };
      await refused(
        () => new Secret("keys", { namespace: pulumi.output("shop"), instance: "sh op", keys, rotation: output("1") }),
        /Secret "keys" has 3 problems:\s+keys\.B\.generate: is an Output[^\n]*\s+rotation: is an Output[^\n]*\s+instance: /,
      );
      await refused(
        () =>
          new Namespace("shop", { namespace: output("shop"), instance: "shop", pullSecrets: { a: pulumi.output("") } }),
        /Namespace "shop" has 1 problem:\s+namespace: is an Output/,
      );
      const variables = {
        env: { TOKEN: { secret: pulumi.output("keys"), key: "TOKEN" } },
        rollout: { mark: output("1") },
      };
      await refused(
        () =>
          new ApplicationService("cart", {
            ...service,
            ...variables,
            metrics: { port: "metrics" },
            replicas: output("2"),
          }),
        /"cart" has 3 problems:\s+replicas: is an Output[^\n]*\s+rollout\.mark: is an Output[^\n]*\s+metrics\.port: there is no port/,
      );
      const ingress = { tlsSecret: output("site-tls"), routes: [{ path: "/", service: "cart" }] };
      await refused(
        () => new IngressRoutes("site", { ...routes, namespace: "shop", ingress, services: { cart: { ports: [] } } }),
        /"site" has 1 problem:\s+ingress\.tlsSecret: is an Output/,
      );
    });

    it("leave a namespace's pods out of relations", () =>
      refused(() => {
        const { namespace } = new Namespace("shop", { namespace: "shop", instance: "shop" });
        const cart = new ApplicationService("cart", { ...service, namespace });
        const controller = new IngressNginx("ingress", { ownership: "present" });
        const ingress = { tlsSecret: "site-tls", routes: [{ path: "/", service: cart }] };
        new IngressRoutes("site", { ...routes, namespace: "shop", controller, ingress });
      }, /ApplicationService "cart" has 1 problem:\s+namespace: is an Output; must be known at preview; give the Namespace component/));

    it("for a host want the server's addresses, and no password from a store", async () => {
      const { host } = existing;
      await refused(
        () => new PostgreSQL("db", { ...database, password: "pass", existing: { host } }),
        /existing\.cidr: is missing: the host is an Output/,
      );
      const store = { kind: "SecretStore", name: "vault", refreshInterval: "1h" } as never;
      await refused(
        () => new PostgreSQL("db", { ...database, storedPassword: { store, name: "db" }, existing }),
        /existing\.host: is an Output; must be known at preview/,
      );
    });
  });

  it("that are secret are refused as literal variables, and others are left as they are", async () => {
    await record(false, async () => {
      const { A, B, C, D } = literalEnv(
        { A: pulumi.secret("canary"), B: pulumi.output("plain"), C: "text", D: { secret: "keys", key: "TOKEN" } },
        'ApplicationService "cart"',
      );
      await assert.rejects(settled(A), (error: Error) => {
        assert.match(
          error.message,
          /ApplicationService "cart" env\.A: is a secret[\s\S]*secretEnv[\s\S]*\{ secret, key \}/,
        );
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
      assert.equal(await settled(B), "plain");
      assert.deepEqual([C, D], ["text", { secret: "keys", key: "TOKEN" }]);
    });
  });

  asPreviewAndUpdate((preview) => {
    it("that are secret are refused by the service, whether they are known yet or not", async () => {
      const unhandled = process.listeners("unhandledRejection");
      process.removeAllListeners("unhandledRejection");
      const failed = new Promise<Error>((resolve) => process.on("unhandledRejection", resolve));
      try {
        const made = record(preview, () => {
          const db = new PostgreSQL("db", database);
          new ApplicationService("cart", { ...service, env: { DATABASE_URL: db.url } });
        });
        assert.match((await failed).message, /ApplicationService "cart" env\.DATABASE_URL: is a secret/);
        const deployments = (await made.catch(() => [])).filter(({ type }) => type.endsWith(":Deployment"));
        assert.deepEqual(deployments, []);
        await setTimeout(50);
      } finally {
        process.removeAllListeners("unhandledRejection");
        for (const listener of unhandled) process.on("unhandledRejection", listener);
      }
    });
  });
});
