import assert from "node:assert/strict";
import { type System, systemSchema } from "../../components/model/system.ts";
import { problems } from "./wrong-system.ts";

describe("names that two objects would share", () => {
  const addons = (given: object) => systemSchema.shape.addons.parse({ certManager: {}, ...given });

  const wrong: [string, (system: System) => void, RegExp][] = [
    [
      "monitoring whose node-exporters would live in too long a name",
      (s) => {
        s.addons = addons({ monitoring: { namespace: "m".repeat(58), nodeMetrics: true } });
      },
      /addons\.monitoring\.namespace: the nodes' metrics would live in "m+-nodes", which has 64 characters; at most 57/,
    ],
    [
      "node-exporters in another add-on's namespace",
      (s) => {
        const monitoring = { namespace: "watch", nodeMetrics: true };
        s.addons = addons({ certManager: { namespace: "watch-nodes" }, monitoring });
      },
      /addons\.monitoring\.namespace: "watch-nodes" is taken by addons\.certManager\.namespace/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`tells about ${what}`, () => {
      const found = problems(change);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }

  it("lets add-ons that are present live wherever they are", () =>
    assert.deepEqual(
      problems((s) => {
        const present = { ownership: "present", namespace: "kube-system" };
        s.addons = addons({ certManager: present, ingressNginx: present, metricsAdapter: { namespace: "shop" } });
      }),
      [],
    ));

  it("lets a system without objects of its own be called as an add-on's namespace", () =>
    assert.deepEqual(
      problems((s) => {
        Object.assign(s, {
          services: {},
          data: {},
          configs: {},
          secrets: {},
          ingresses: {},
          namespace: "cert-manager",
        });
        s.addons = addons({});
      }),
      [],
    ));
});
