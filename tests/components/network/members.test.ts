import assert from "node:assert/strict";
import { PostgreSQL } from "../../../components/data/postgresql.ts";
import { CertManager } from "../../../components/edge/cert-manager.ts";
import { IngressNginx } from "../../../components/edge/ingress-nginx.ts";
import { IngressRoutes } from "../../../components/edge/ingress-routes.ts";
import { selectorLabels } from "../../../components/model/names.ts";
import { NetworkPolicies } from "../../../components/network/network-policies.ts";
import { Monitoring } from "../../../components/observability/monitoring.ts";
import { Namespace } from "../../../components/security/namespace.ts";
import { ApplicationService, type ApplicationServiceArgs } from "../../../components/workloads/application-service.ts";
import { asPreviewAndUpdate, type Registered, record } from "../mocks.ts";
import { inputsOf } from "../shop.ts";

const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };
const service: ApplicationServiceArgs = {
  namespace: "shop",
  image: { repository: "ghcr.io/example/cart", tag: "1" },
  ports: [{ name: "http", port: 8080 }],
  resources,
  probes: { readiness: { http: "/", port: "http" }, liveness: { http: "/", port: "http" } },
};
const source = { kind: "folder", path: "/charts" } as const;
const database = { namespace: "shop", database: "shop", username: "shop", connectionSecret: { name: "db" }, source };

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number; protocol: string }[];
}
interface Peer {
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string };
}

/** The rules of a policy in short: `db primary:5432`, `kube-dns:53`, `0.0.0.0/0:443`. */
function rules(made: Registered[], policy: string): { ingress: string[]; egress: string[] } {
  const { spec } = inputsOf(made, "NetworkPolicy", policy) as { spec: { ingress: Rule[]; egress: Rule[] } };
  const word = ({ podSelector, ipBlock }: Peer) => {
    const labels = podSelector?.matchLabels ?? {};
    const { "app.kubernetes.io/instance": instance, "app.kubernetes.io/component": component } = labels;
    const name = labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? Object.values(labels)[0];
    return ipBlock?.cidr ?? (instance === "db" && component ? `db ${component}` : name);
  };
  const short = (list: Rule[], side: "from" | "to") =>
    list.map((rule) => `${(rule[side] ?? []).map(word)[0]}:${[...new Set(rule.ports.map(({ port }) => port))]}`).sort();
  return { ingress: short(spec.ingress, "from"), egress: short(spec.egress, "to") };
}
const policies = (made: Registered[]) =>
  made
    .filter(({ type }) => type.endsWith(":NetworkPolicy"))
    .map(({ inputs }) => (inputs as unknown as { metadata: { name: string } }).metadata.name)
    .sort();

describe("NetworkPolicies of members", () => {
  asPreviewAndUpdate((preview) => {
    const shop = () =>
      record(preview, () => {
        new Namespace("shop", { namespace: "shop", instance: "shop" });
        const readReplicas = { count: 1, storage: { size: "8Gi" }, resources };
        const db = new PostgreSQL("db", {
          ...database,
          architecture: "replication",
          readReplicas,
          rotation: 1,
          backup: { schedule: "0 3 * * *" },
        });
        const cart = new ApplicationService("cart", { ...service, uses: [db], egress: [{ host: "api.stripe.com" }] });
        const web = new ApplicationService("web", { ...service, labels: { tier: "front" }, uses: [cart] });
        const controller = new IngressNginx("ingress", { ownership: "present" });
        const site = new IngressRoutes("site", {
          namespace: "shop",
          instance: "shop",
          domain: "shop.example.com",
          issuer: "selfsigned",
          controller,
          ingress: { tlsSecret: "site-tls", routes: [{ path: "/", service: web }] },
        });
        new NetworkPolicies("network", { namespace: "shop", instance: "shop", members: [db, cart, web, site] });
      });

    it("open what services use, what they call outside and what routes lead to", async () => {
      const made = await shop();
      assert.deepEqual(rules(made, "cart-netpol"), {
        ingress: ["web:8080"],
        egress: ["0.0.0.0/0:443", "db primary:5432", "db read:5432", "kube-dns:53"],
      });
      assert.deepEqual(rules(made, "web-netpol"), {
        ingress: ["ingress-nginx:8080"],
        egress: ["cart:8080", "kube-dns:53"],
      });
      assert.deepEqual(inputsOf(made, "NetworkPolicy", "web-netpol").spec.podSelector.matchLabels, {
        ...selectorLabels("web", "web"),
        tier: "front",
      });
    });

    it("let replicas and Jobs of a store reach its primary", async () => {
      const made = await shop();
      assert.deepEqual(rules(made, "db-primary-netpol"), {
        ingress: ["cart:5432", "db read:5432", "db-backup:5432", "db-retire:5432", "db-rotation:5432"],
        egress: ["kube-dns:53"],
      });
      assert.deepEqual(rules(made, "db-read-netpol"), {
        ingress: ["cart:5432"],
        egress: ["db primary:5432", "kube-dns:53"],
      });
      for (const job of ["db-backup-netpol", "db-rotation-netpol", "db-retire-netpol"])
        assert.deepEqual(rules(made, job).egress, ["db primary:5432", "kube-dns:53"], job);
    });

    it("let the certificate's challenge be answered, and leave other namespaces to their owners", async () => {
      const made = await shop();
      assert.deepEqual(rules(made, "acme-http01-solver-netpol").ingress, ["ingress-nginx:8089"]);
      assert.ok(!policies(made).includes("ingress-nginx-controller-netpol"), policies(made).join());
    });

    it("give a member that nothing is related to a policy too, for DNS", async () => {
      const made = await record(preview, () => {
        const cart = new ApplicationService("cart", service);
        new NetworkPolicies("network", { namespace: "shop", instance: "shop", members: [cart] });
      });
      assert.deepEqual(rules(made, "cart-netpol"), { ingress: [], egress: ["kube-dns:53"] });
    });

    it("know what add-ons need, and take more relations between their pods and others", async () => {
      const made = await record(preview, () => {
        const cart = new ApplicationService("cart", { ...service, access: [{ resources: ["pods"], verbs: ["get"] }] });
        const certManager = new CertManager("cert-manager", { namespace: "shop", source });
        const monitoring = new Monitoring("monitoring", { ownership: "present" });
        const relations = [{ from: monitoring.group, to: cart.group, ports: [{ port: 8080 }] }];
        const network = { apiServer: { cidrs: ["203.0.113.1/32"] } };
        new NetworkPolicies("network", {
          namespace: "shop",
          instance: "shop",
          members: [cart, certManager, monitoring],
          relations,
          network,
        });
      });
      assert.deepEqual(policies(made), [
        "cart-netpol",
        "cert-manager-cainjector-netpol",
        "cert-manager-netpol",
        "cert-manager-webhook-netpol",
      ]);
      assert.deepEqual(rules(made, "cart-netpol"), {
        ingress: ["prometheus:8080"],
        egress: ["203.0.113.1/32:443,6443", "kube-dns:53"],
      });
      assert.deepEqual(rules(made, "cert-manager-webhook-netpol").ingress, ["203.0.113.1/32:10250"]);
    });

    it("open the check before a release, and the addresses of a server elsewhere", async () => {
      const made = await record(preview, () => {
        const existing = { host: "db.example.com", cidr: "10.1.0.0/16" };
        const db = new PostgreSQL("db", { ...database, password: "x", existing });
        const cart = new ApplicationService("cart", { ...service, uses: [db], blueGreen: { smoke: { paths: ["/"] } } });
        new NetworkPolicies("network", { namespace: "shop", instance: "shop", members: [db, cart] });
      });
      assert.deepEqual(rules(made, "cart-netpol"), {
        ingress: ["cart-smoke:8080"],
        egress: ["10.1.0.0/16:5432", "kube-dns:53"],
      });
      assert.deepEqual(policies(made), ["cart-netpol", "cart-smoke-netpol"]);
    });

    it("come after nothing but what they are told to, and a service's pods after the data stores that it uses", async () => {
      const made = await shop();
      const of = (name: string) => made.find((one) => one.name === name)?.options.dependencies ?? [];
      assert.deepEqual(of("network-cart"), []);
      assert.ok(
        of("cart-deployment").some((urn) => urn.endsWith("db-chart")),
        of("cart-deployment").join(),
      );
      assert.ok(!of("web-deployment").some((urn) => urn.endsWith("cart-deployment")));
    });
  });
});
