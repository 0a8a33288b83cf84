import assert from "node:assert/strict";
import { backupSchema } from "../../components/model/backup.ts";
import { blueGreenSchema } from "../../components/model/blue-green.ts";
import { type System, systemSchema } from "../../components/model/system.ts";
import { job, problems, web } from "./wrong-system.ts";

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
    [
      "two claims of one name",
      (s) => {
        s.services["web-data"] = structuredClone(web(s));
        web(s).volumes["data-x"] = { mountPath: "/d", size: "1Gi", accessMode: "ReadWriteOnce" };
        s.services["web-data"].volumes.x = { mountPath: "/d", size: "1Gi", accessMode: "ReadWriteOnce" };
      },
      /services\.web-data\.volumes\.x: "web-data-x" is taken by services\.web\.volumes\.data-x; a name of its own for each PersistentVolumeClaim/,
    ],
    [
      "claims of one name for the pods of two StatefulSets",
      (s) => {
        const disk = { mountPath: "/d", size: "1Gi", accessMode: "ReadWriteOnce" as const };
        s.services["x-web"] = { ...structuredClone(web(s)), kind: "StatefulSet", volumes: { d: disk } };
        Object.assign(web(s), { kind: "StatefulSet", volumes: { "d-x": disk } });
      },
      /services\.x-web\.volumes\.d: "d-x-web-0" is taken by services\.web\.volumes\.d-x/,
    ],
    [
      "a shared claim of the name of a pod's own",
      (s) => {
        s.volumes["data-db-0"] = { size: "1Gi", accessMode: "ReadWriteMany" };
        web(s).volumes.shared = { mountPath: "/d", shared: "data-db-0" };
      },
      /volumes\.data-db-0: "data-db-0" is taken by data\.db; a name of its own for each PersistentVolumeClaim/,
    ],
    [
      "a service of the name of another's colour",
      (s) => {
        s.services["web-blue"] = structuredClone(web(s));
        web(s).blueGreen = blueGreenSchema.parse({ smoke: { paths: ["/"] } });
      },
      /services\.web-blue: "web-blue" is taken by services\.web; a name of its own for each workload/,
    ],
    [
      "a service of the name of another's smoke check",
      (s) => {
        s.services["web-smoke"] = structuredClone(web(s));
        web(s).blueGreen = blueGreenSchema.parse({ smoke: { paths: ["/"] } });
      },
      /services\.web-smoke: "web-smoke" is taken by services\.web; a name of its own for each NetworkPolicy/,
    ],
    [
      "a service of the name of a store's rotation",
      (s) => {
        if (s.data.db) s.data.db.rotation = 1;
        s.services["db-rotation"] = structuredClone(web(s));
      },
      /services\.db-rotation: "db-rotation" is taken by data\.db; a name of its own for each ServiceAccount/,
    ],
    [
      "a job of the name of a store's backup",
      (s) => {
        if (s.data.db?.engine === "postgresql") s.data.db.backup = backupSchema.parse({});
        s.jobs["db-backup"] = job();
      },
      /jobs\.db-backup: "db-backup" is taken by data\.db; a name of its own for each job/,
    ],
    [
      "two stores whose passwords Pulumi would call the same",
      (s) => {
        if (s.data.db)
          s.data["db-postgres"] = { ...structuredClone(s.data.db), connectionSecret: { name: "other", urlKey: "url" } };
      },
      /data\.db-postgres: "db-postgres-password" is taken by data\.db; a name of its own for each generated password/,
    ],
    [
      "two values whose passwords Pulumi would call the same",
      (s) => {
        s.secrets = { a: { "b-c": { generate: 32 } }, "a-b": { c: { generate: 32 } } };
      },
      /secrets\.a-b\.c: "a-b-c" is taken by secrets\.a\.b-c; a name of its own for each generated password/,
    ],
    [
      "a rule of the name of the one that every system has",
      (s) => {
        s.alerts["shop-system"] = { group: "x", rules: [] };
      },
      /alerts\.shop-system: "shop-system" is taken by name; a name of its own for each PrometheusRule/,
    ],
    [
      "a certificate in the place of another Secret",
      (s) => {
        if (s.ingresses.site) s.ingresses.site.tlsSecret = "keys";
      },
      /ingresses\.site\.tlsSecret: "keys" is taken by secrets\.keys; a name of its own for each Secret/,
    ],
    [
      "a name that is too long for a Service when it is complete",
      (s) => {
        const long = "w".repeat(60);
        s.services[long] = { ...structuredClone(web(s)), kind: "StatefulSet" };
      },
      /services\.w+: "w+" is too long: its StatefulSet would be called w+, and one may have 52 characters; at most 52/,
    ],
    [
      "a name that is too long for a store's job",
      (s) => {
        const db = s.data.db;
        if (db?.engine === "postgresql")
          s.data["d".repeat(46)] = {
            ...structuredClone(db),
            backup: backupSchema.parse({}),
            connectionSecret: { name: "other", urlKey: "url" },
          };
      },
      /data\.d+: "d+" is too long: its CronJob would be called d+-backup, and one may have 52 characters; at most 45/,
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
