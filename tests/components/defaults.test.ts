import assert from "node:assert/strict";
import { PostgreSQL } from "../../components/data/postgresql.ts";
import { ClusterAddons } from "../../components/edge/cluster-addons.ts";
import { IngressNginx } from "../../components/edge/ingress-nginx.ts";
import { IngressRoutes } from "../../components/edge/ingress-routes.ts";
import { RetiredLogins } from "../../components/operations/postgresql-rotation.ts";
import { ApplicationService } from "../../components/workloads/application-service.ts";
import { asPreviewAndUpdate, record } from "./mocks.ts";
import { inputsOf } from "./shop.ts";

const source = { kind: "folder", path: "/charts" } as const;
const routes = { namespace: "shop", instance: "shop", domain: "shop.example.com", issuer: "selfsigned" };
const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };
const database = { namespace: "shop", database: "shop", username: "shop", connectionSecret: { name: "db" }, source };

describe("Arguments with defaults may be left out", () => {
  asPreviewAndUpdate((preview) => {
    it("of routes, to services by name or as components", async () => {
      const made = await record(preview, () => {
        const cart = new ApplicationService("cart", {
          namespace: "shop",
          name: "shopping-cart",
          serviceName: "basket",
          image: { repository: "ghcr.io/example/cart", tag: "1" },
          ports: [
            { name: "http", port: 8080, servicePort: 80 },
            { name: "admin", port: 9090 },
          ],
          resources,
          probes: { readiness: { http: "/", port: "http" }, liveness: { http: "/", port: "http" } },
        });
        new IngressRoutes("site", {
          ...routes,
          controller: new IngressNginx("internal", { class: "internal", ownership: "present" }),
          ingress: {
            tlsSecret: "site-tls",
            routes: [
              { path: "/", service: cart },
              { path: "/admin", service: cart, port: "admin" },
              { path: "/old", service: "old" },
            ],
          },
          services: { old: { ports: [{ name: "http", port: 8000 }] } },
        });
      });
      const { spec } = inputsOf(made, "Ingress", "site");
      assert.equal(spec.ingressClassName, "internal");
      const to = (path: string, name: string, number: number) => {
        return { path, pathType: "Prefix", backend: { service: { name, port: { number } } } };
      };
      assert.deepEqual(spec.rules[0].http.paths, [
        to("/", "basket", 80),
        to("/admin", "basket", 9090),
        to("/old", "old", 8000),
      ]);
    });

    it("of add-ons, and tell what is wrong with them", async () => {
      const make = (addons: object) =>
        record(preview, () => new ClusterAddons("addons", { addons: addons as never, guest: "shop", source }));
      const made = await make({ certManager: {} });
      assert.ok(inputsOf(made, "NetworkPolicy", "cert-manager-webhook-netpol"));
      await assert.rejects(
        make({ certManger: {} }),
        /ClusterAddons "addons"[\s\S]*certManger: unknown key; did you mean "certManager"/,
      );
    });

    it("of retired logins: the server is enough", async () => {
      const made = await record(preview, () => {
        const store = new PostgreSQL("db", { ...database, rotation: 2 });
        new RetiredLogins("db-logins", { store });
        new RetiredLogins("none", { store: new PostgreSQL("other", { ...database, connectionSecret: { name: "o" } }) });
      });
      const [job, ...others] = made.filter(
        ({ type, name }) => type.endsWith(":Job") && !name.startsWith("db-rotation"),
      );
      assert.match(job?.name ?? "", /^db-logins-retire-/);
      assert.match(JSON.stringify(job?.inputs), /"name":"LOGIN_ROLE","value":"shop_r2"/);
      assert.deepEqual(others, []);
    });
  });
});
