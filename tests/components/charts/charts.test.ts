import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { catalogue, certManagerEntry } from "../../../components/charts/catalogue.ts";
import { chartReference } from "../../../components/charts/chart.ts";
import { fitProbePeriods } from "../../../components/charts/containers.ts";
import { chosenImage, splitImage } from "../../../components/charts/images.ts";
import {
  dropEmptyApiGroups,
  dropSchemaDescriptions,
  hookObjects,
  protectStatefulSets,
  skipServiceAwait,
} from "../../../components/charts/transforms.ts";
import { webhookNotReady, webhookRetries } from "../../../components/charts/webhook-retry.ts";
import { imageReference, imageSchema } from "../../../components/model/image.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const transformArgs = (type: string): pulumi.ResourceTransformArgs => ({
  type,
  custom: true,
  name: "name",
  props: {},
  opts: {},
});

describe("the chart catalogue", () => {
  it("pins every image by a tag or a digest", () => {
    for (const { images } of [...Object.values(catalogue), certManagerEntry("1.21.1")]) {
      for (const image of Object.values(images)) assert.ok(imageSchema.safeParse(image).success, imageReference(image));
    }
  });

  it("names a chart as its source wants it", () => {
    assert.deepEqual(chartReference(catalogue.redis, { kind: "upstream" }), {
      chart: "oci://registry-1.docker.io/bitnamicharts/redis",
      version: "23.1.1",
    });
    assert.deepEqual(chartReference(catalogue.ingressNginx, { kind: "upstream" }), {
      chart: "ingress-nginx",
      version: "4.15.1",
      repositoryOpts: { repo: "https://kubernetes.github.io/ingress-nginx" },
    });
    assert.deepEqual(
      chartReference(certManagerEntry("1.13.0"), { kind: "mirror", registry: "oci://registry.example.com/charts/" }),
      {
        chart: "oci://registry.example.com/charts/cert-manager",
        version: "v1.13.0",
      },
    );
  });

  it("prefers the folder of a chart's version to that of its name", () => {
    const path = mkdtempSync(join(tmpdir(), "charts-"));
    try {
      assert.deepEqual(chartReference(catalogue.redis, { kind: "folder", path }), { chart: join(path, "redis") });
      mkdirSync(join(path, "redis-23.1.1"));
      assert.deepEqual(chartReference(catalogue.redis, { kind: "folder", path }), {
        chart: join(path, "redis-23.1.1"),
      });
    } finally {
      rmSync(path, { recursive: true });
    }
  });
});

describe("the image that a chart runs", () => {
  const image = { repository: "docker.io/library/server", tag: "1", digest };

  it("loses the catalogue's digest with its tag or repository, and keeps it through a mirror", () => {
    assert.deepEqual(chosenImage(image, { tag: "2" }, undefined), { repository: "docker.io/library/server", tag: "2" });
    assert.deepEqual(chosenImage(image, { repository: "ghcr.io/fork/server" }, undefined), {
      repository: "ghcr.io/fork/server",
      tag: "1",
    });
    assert.deepEqual(chosenImage(image, undefined, "registry.example.com/mirror"), {
      ...image,
      repository: "registry.example.com/mirror/library/server",
    });
  });

  it("is the same when taken apart and put together", () => {
    const part = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), (host, path) => {
        const split = splitImage({ ...image, repository: `${host}.io/${path.join("/")}` });
        assert.deepEqual(
          [`${split.registry}/${split.path}`, split.registry, split.digest],
          [`${host}.io/${path.join("/")}`, `${host}.io`, digest],
        );
      }),
    );
  });
});

describe("what charts cannot set", () => {
  it("asks no container again before the answer could come", () => {
    const probe = { httpGet: { path: "/" }, timeoutSeconds: 30 };
    const container = { name: "it", livenessProbe: probe, readinessProbe: { periodSeconds: 5, timeoutSeconds: 5 } };
    const pod = { template: { spec: { containers: [container] } } };
    const { spec } = fitProbePeriods("kubernetes:apps/v1:Deployment", { spec: pod }) as { spec: typeof pod };
    assert.deepEqual(spec.template.spec.containers, [{ ...container, livenessProbe: { ...probe, periodSeconds: 30 } }]);
    const service = { spec: { ports: [] } };
    assert.equal(fitProbePeriods("kubernetes:core/v1:Service", service), service);
  });

  it("drops the descriptions of a CRD's schema, and no field that is called so", () => {
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const field = { type: "string", description: "a text" };
    const schema = { description: "all", properties: { description: field, items: { items: field } } };
    const { spec } = dropSchemaDescriptions(type, { spec: { versions: [{ schema: { openAPIV3Schema: schema } }] } });
    assert.deepEqual(spec, {
      versions: [
        {
          schema: {
            openAPIV3Schema: { properties: { description: { type: "string" }, items: { items: { type: "string" } } } },
          },
        },
      ],
    });
    const other = { spec: { description: "kept" } };
    assert.equal(dropSchemaDescriptions("kubernetes:core/v1:Service", other), other);
  });

  it("leaves nobody waiting for a Service whose pods are awaited, but for a load balancer's address", () => {
    const awaited = (type: string, spec: object) => {
      const object = { metadata: { name: "it", annotations: { kept: "yes" } }, spec };
      const { annotations } = skipServiceAwait(type, object).metadata ?? {};
      assert.equal(annotations?.kept, "yes");
      return annotations?.["pulumi.com/skipAwait"] !== "true";
    };
    assert.equal(awaited("kubernetes:core/v1:Service", { type: "ClusterIP" }), false);
    assert.equal(awaited("kubernetes:core/v1:Service", {}), false);
    assert.equal(awaited("kubernetes:core/v1:Service", { type: "LoadBalancer" }), true);
    assert.equal(awaited("kubernetes:apps/v1:Deployment", {}), true);
  });

  it("drops the empty API groups of role bindings' subjects, and no others", () => {
    const subjects = [
      { kind: "ServiceAccount", name: "a", apiGroup: "" },
      { kind: "User", name: "b", apiGroup: "rbac.authorization.k8s.io" },
    ];
    const type = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
    assert.deepEqual(dropEmptyApiGroups(type, { subjects }), {
      subjects: [{ kind: "ServiceAccount", name: "a" }, subjects[1]],
    });
    assert.deepEqual(dropEmptyApiGroups("kubernetes:core/v1:ConfigMap", { subjects }), { subjects });
  });

  it("protects StatefulSets and nothing else of a chart", async () => {
    const found = await protectStatefulSets(transformArgs("kubernetes:apps/v1:StatefulSet"));
    assert.equal(found?.opts.protect, true);
    for (const type of ["kubernetes:helm.sh/v4:Chart", "kubernetes:core/v1:Service"])
      assert.equal(await protectStatefulSets(transformArgs(type)), undefined);
  });

  it("hooks the types that are named", async () => {
    const hooks = { onError: [] };
    const transform = hookObjects(["kubernetes:cert-manager.io/v1:Issuer"], hooks);
    assert.equal((await transform(transformArgs("kubernetes:cert-manager.io/v1:Issuer")))?.opts.hooks, hooks);
    assert.equal(await transform(transformArgs("kubernetes:core/v1:Service")), undefined);
  });
});

describe("webhookNotReady", () => {
  const calling =
    'Internal error occurred: failed calling webhook "webhook.cert-manager.io": x509: certificate signed by unknown authority';

  it("tells a webhook that cannot be reached from one that says no", () => {
    assert.equal(webhookNotReady({ failedOperation: "create", errors: [calling] }), true);
    assert.equal(
      webhookNotReady({
        failedOperation: "create",
        errors: ['admission webhook "validate.nginx.ingress.kubernetes.io" denied the request'],
      }),
      false,
    );
    assert.equal(webhookNotReady({ failedOperation: "create", errors: [] }), false);
  });

  it("looks at the newest error, and gives up after a while", () => {
    assert.equal(webhookNotReady({ failedOperation: "update", errors: ["forbidden", calling] }), false);
    assert.equal(
      webhookNotReady({ failedOperation: "create", errors: Array(webhookRetries.times + 1).fill(calling) }),
      false,
    );
    assert.equal(webhookNotReady({ failedOperation: "delete", errors: [calling] }), false);
  });
});
