import assert from "node:assert/strict";
import {
  addonRelations,
  challengeRelations,
  challengeSolver,
  ingressController,
} from "../../../components/edge/addon-relations.ts";
import { addonsSchema } from "../../../components/model/addons.ts";
import { allows, isPodGroup, podGroups } from "../../../components/model/relations.ts";

const all = addonsSchema.parse({ certManager: {}, ingressNginx: {}, externalSecrets: {} });
const group = (id: string) => {
  const found = podGroups(addonRelations(all)).find((one) => one.id === id);
  assert.ok(found, id);
  return found;
};

describe("what add-ons say to others", () => {
  it("lets the API server call each webhook at its container's port, and nobody else", () => {
    for (const [id, port] of [
      ["cert-manager-webhook", 10250],
      ["ingress-nginx-controller", 8443],
      ["external-secrets-webhook", 10250],
    ] as const) {
      assert.ok(allows(addonRelations(all), "control-plane", group(id), port));
      const callers = addonRelations(all).filter(
        ({ to, ports }) => isPodGroup(to) && to.id === id && ports.some((one) => one.port === port),
      );
      assert.deepEqual(
        callers.map(({ from }) => from),
        ["control-plane"],
      );
    }
  });

  it("lets every part reach the Kubernetes API", () => {
    for (const { id } of podGroups(addonRelations(all))) {
      assert.ok(
        addonRelations(all).some(({ from, to }) => isPodGroup(from) && from.id === id && to === "api-server"),
        id,
      );
    }
  });

  it("lets the operator reach secret stores outside the cluster, and its other parts not", () => {
    assert.ok(allows(addonRelations(all), group("external-secrets"), "internet", 443));
    assert.equal(allows(addonRelations(all), group("external-secrets-webhook"), "internet", 443), false);
  });

  it("lets cert-manager reach Let's Encrypt, and the world reach the ingress controller", () => {
    assert.ok(allows(addonRelations(all), group("cert-manager"), "internet", 443));
    assert.ok(allows(addonRelations(all), "anywhere", group("ingress-nginx-controller"), 443));
    assert.ok(allows(addonRelations(all), group("cert-manager"), group("ingress-nginx-controller"), 80));
    assert.equal(allows(addonRelations(all), group("cert-manager-cainjector"), "internet", 443), false);
  });

  it("knows the controller of each class by labels of its own", () => {
    const behind = (ingressClass: string) =>
      ingressController(addonsSchema.parse({ ingressNginx: { class: ingressClass } }));
    assert.equal(behind("nginx")?.id, "ingress-nginx-controller");
    assert.equal(behind("internal")?.id, "ingress-nginx-internal-controller");
    assert.notDeepEqual(behind("internal")?.labels, behind("nginx")?.labels);
  });

  it("passes challenges to the solvers in the ingress's namespace", () => {
    const controller = ingressController(all);
    assert.ok(controller && allows(challengeRelations(all, "shop"), controller, challengeSolver("shop"), 8089));
    assert.deepEqual(challengeRelations(addonsSchema.parse({ ingressNginx: {} }), "shop"), []);
  });

  it("leaves add-ons of other stacks to those", () => {
    const present = addonsSchema.parse({
      certManager: { ownership: "present" },
      ingressNginx: { ownership: "present" },
    });
    assert.deepEqual(addonRelations(present), []);
    assert.ok(ingressController(present));
  });
});
