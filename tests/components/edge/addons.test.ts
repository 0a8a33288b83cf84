import assert from "node:assert/strict";
import { CertManager, type CertManagerArgs } from "../../../components/edge/cert-manager.ts";
import { certManagerProbes } from "../../../components/edge/cert-manager-probes.ts";
import { ClusterIssuers } from "../../../components/edge/cluster-issuers.ts";
import { IngressNginx, type IngressNginxArgs } from "../../../components/edge/ingress-nginx.ts";
import { asPreviewAndUpdate, only, type Registered, record } from "../mocks.ts";

interface ChartInputs {
  name: string;
  namespace: string;
  version: string;
  values: Record<string, never> & {
    crds?: unknown;
    installCRDs?: unknown;
    controller: { autoscaling?: unknown; admissionWebhooks: unknown };
  };
}
const chartOf = (made: Registered[]) => only(made, "Chart").inputs as unknown as ChartInputs;

describe("CertManager", () => {
  asPreviewAndUpdate((preview) => {
    const make = (args: CertManagerArgs = {}) => record(preview, () => new CertManager("certs", args));

    it("is one chart, known at preview, in its usual place", async () => {
      const made = await make();
      assert.deepEqual(
        made.map(({ name }) => name),
        ["certs", "certs-chart"],
      );
      const { name, namespace, version } = chartOf(made);
      assert.deepEqual([name, namespace, version], ["cert-manager", "cert-manager", "v1.21.1"]);
    });

    it("asks each version for its CRDs as it wants to be asked, so that destroy takes them along", async () => {
      assert.deepEqual(chartOf(await make()).values.crds, { enabled: true, keep: false });
      const { values, version } = chartOf(await make({ version: "1.13.0" }));
      assert.deepEqual([version, values.installCRDs, values.crds], ["v1.13.0", true, undefined]);
    });

    it("makes nothing that another stack owns", async () => {
      assert.deepEqual(
        (await make({ ownership: "present" })).map(({ name }) => name),
        ["certs"],
      );
    });

    it("refuses a version that there cannot be", async () => {
      await assert.rejects(async () => make({ version: "v1.21" }), /version/);
    });
  });
});

describe("certManagerProbes", () => {
  const deployment = (...containers: object[]) => ({ spec: { template: { spec: { containers } } } });
  const change = certManagerProbes("1.21.1");
  const probesOf = (object: unknown) =>
    (
      object as { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }
    ).spec.template.spec.containers.map((container) =>
      Object.keys(container)
        .filter((key) => key.endsWith("Probe"))
        .sort(),
    );

  it("completes what the chart has no key for, and leaves what it sets", () => {
    const own = { httpGet: { path: "/own" } };
    const changed = change(
      "kubernetes:apps/v1:Deployment",
      deployment(
        { name: "cert-manager-controller", livenessProbe: own },
        { name: "cert-manager-cainjector" },
        { name: "sidecar" },
      ),
    );
    assert.deepEqual(probesOf(changed), [["livenessProbe", "readinessProbe"], ["livenessProbe", "readinessProbe"], []]);
    const kept = change(
      "kubernetes:apps/v1:Deployment",
      deployment({ name: "cert-manager-cainjector", livenessProbe: own }),
    );
    assert.deepEqual(kept, {
      ...kept,
      spec: { template: { spec: { containers: [{ ...deploymentContainer(kept), livenessProbe: own }] } } },
    });
  });

  it("leaves other kinds alone", () => {
    const object = deployment({ name: "cert-manager-cainjector" });
    assert.equal(change("kubernetes:batch/v1:Job", object), object);
    assert.deepEqual(change("kubernetes:apps/v1:Deployment", { spec: {} }), { spec: {} });
  });

  it("asks the cainjector at a port that its version opens", () => {
    const port = (version: string) => {
      const changed = certManagerProbes(version)(
        "kubernetes:apps/v1:Deployment",
        deployment({ name: "cert-manager-cainjector" }),
      );
      return (deploymentContainer(changed).readinessProbe as { tcpSocket: { port: number } }).tcpSocket.port;
    };
    assert.deepEqual([port("1.13.0"), port("1.15.4"), port("1.16.0"), port("1.21.1")], [6060, 6060, 9402, 9402]);
  });

  function deploymentContainer(object: unknown): Record<string, unknown> {
    const [container] = (object as { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }).spec
      .template.spec.containers;
    return container ?? {};
  }
});

describe("ClusterIssuers", () => {
  asPreviewAndUpdate((preview) => {
    it("makes Let's Encrypt's two and a self-signed one, solved through the IngressClass", async () => {
      const made = await record(
        preview,
        () => new ClusterIssuers("issuers", { email: "ops@example.com", ingressClass: "public" }),
      );
      const issuers = made.filter(({ type }) => type === "kubernetes:cert-manager.io/v1:ClusterIssuer");
      const specs = Object.fromEntries(
        issuers.map(({ inputs }) => [
          (inputs as unknown as { metadata: { name: string } }).metadata.name,
          (inputs as unknown as { spec: object }).spec,
        ]),
      );
      const acme = (name: string, host: string) => ({
        acme: {
          server: `https://${host}.api.letsencrypt.org/directory`,
          email: "ops@example.com",
          privateKeySecretRef: { name: `${name}-account` },
          solvers: [{ http01: { ingress: { ingressClassName: "public" } } }],
        },
      });
      assert.deepEqual(specs, {
        "letsencrypt-staging": acme("letsencrypt-staging", "acme-staging-v02"),
        "letsencrypt-prod": acme("letsencrypt-prod", "acme-v02"),
        selfsigned: { selfSigned: {} },
      });
    });

    it("makes nothing that another stack owns", async () => {
      const made = await record(preview, () => new ClusterIssuers("issuers", { ownership: "present" }));
      assert.deepEqual(
        made.map(({ name }) => name),
        ["issuers"],
      );
    });
  });
});

describe("IngressNginx", () => {
  asPreviewAndUpdate((preview) => {
    const make = (args: IngressNginxArgs = {}) => record(preview, () => new IngressNginx("edge", args));

    it("is one chart whose webhook gets its certificate from cert-manager", async () => {
      const made = await make();
      assert.deepEqual(
        made.map(({ name }) => name),
        ["edge", "edge-chart"],
      );
      assert.deepEqual(chartOf(made).values.controller.admissionWebhooks, {
        enabled: true,
        certManager: { enabled: true },
      });
    });

    it("is reached by the Service that it is told", async () => {
      const serviceOf = async (args: IngressNginxArgs) =>
        (chartOf(await make(args)).values.controller as unknown as Record<string, unknown>).service;
      assert.deepEqual(await serviceOf({}), { type: "LoadBalancer", annotations: {} });
      const service = { type: "NodePort", annotations: { a: "b" }, externalTrafficPolicy: "Local" } as const;
      assert.deepEqual(await serviceOf({ service }), service);
      await assert.rejects(
        () => make({ service: { type: "ClusterIP", externalTrafficPolicy: "Local" } }),
        /service: .*no externalTrafficPolicy/,
      );
    });

    it("shares nothing in the cluster with the controller of another class", async () => {
      const kept = async (ingressClass: string) => {
        const { name, values } = chartOf(await make({ class: ingressClass }));
        return [name, (values.controller as unknown as Record<string, unknown>).ingressClassResource];
      };
      const resource = { enabled: true, default: false };
      assert.deepEqual(await kept("nginx"), [
        "ingress-nginx",
        { ...resource, name: "nginx", controllerValue: "k8s.io/ingress-nginx" },
      ]);
      assert.deepEqual(await kept("internal"), [
        "ingress-nginx-internal",
        { ...resource, name: "internal", controllerValue: "k8s.io/ingress-nginx-internal" },
      ]);
      await assert.rejects(() => make({ class: "c".repeat(40) }), /class: .*39/);
    });

    it("scales by itself only where it shall be highly available", async () => {
      assert.equal(chartOf(await make()).values.controller.autoscaling, undefined);
      assert.deepEqual(
        Object.keys(chartOf(await make({ highAvailability: true })).values.controller.autoscaling ?? {}).includes(
          "minReplicas",
        ),
        true,
      );
    });

    it("makes nothing that another stack owns", async () => {
      assert.deepEqual(
        (await make({ ownership: "present" })).map(({ name }) => name),
        ["edge"],
      );
    });
  });
});
