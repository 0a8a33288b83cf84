import assert from "node:assert/strict";
import type { System } from "../../components/model/system.ts";
import { job, problems, resources, web } from "./wrong-system.ts";

describe("checkPlatform, of configs, jobs and shared disks", () => {
  const wrong: [string, (system: System) => void, RegExp][] = [
    [
      "a config that is not there",
      (s) => void web(s).envFrom.push({ config: "setings" }),
      /services\.web\.envFrom\[0\]\.config: there is no config "setings"; did you mean "settings"\?/,
    ],
    [
      "a secret for all variables that is not there",
      (s) => void web(s).envFrom.push({ secret: "key" }),
      /services\.web\.envFrom\[0\]\.secret: there is no secret "key"; did you mean "keys"\?/,
    ],
    [
      "a variable that two sources give",
      (s) => {
        s.configs.more = { LOG_LEVEL: "debug" };
        web(s).envFrom.push({ config: "settings" }, { config: "more" });
      },
      /services\.web\.envFrom\[1\]\.config: "LOG_LEVEL" of config "more" comes from config "settings" too/,
    ],
    [
      "a key that is no variable",
      (s) => {
        s.configs.files = { "a-b.txt": "x" };
        web(s).envFrom.push({ config: "files" });
      },
      /services\.web\.envFrom\[0\]\.config: "a-b\.txt" of config "files" is no environment variable name/,
    ],
    [
      "a copy of a connection that is not there",
      (s) => {
        s.secrets.copies = { DATABASE_URL: { data: "bd", key: "url" } };
      },
      /secrets\.copies\.DATABASE_URL\.data: there is no data store "bd"; did you mean "db"\?/,
    ],
    [
      "a copy of a key that a connection lacks",
      (s) => {
        s.secrets.copies = { DATABASE_URL: { data: "db", key: "uri" } };
      },
      /secrets\.copies\.DATABASE_URL\.key: the connection of "db" has no key "uri"; did you mean "url"\?/,
    ],
    [
      "a copied URL of what is not used",
      (s) => {
        s.secrets.copies = { DATABASE_URL: { data: "db", key: "url" } };
        web(s).uses = ["api"];
        web(s).env.D = { secret: "copies", key: "DATABASE_URL" };
      },
      /services\.web\.env\.D\.secret: "db" is not among what the service uses.*add "db" to uses/,
    ],
    [
      "two Services of one name",
      (s) => {
        web(s).serviceName = "api";
      },
      /services\.api\.serviceName: "api" is taken by services\.web; a name of its own for each Service/,
    ],
    [
      "a Service with the name of a data store's",
      (s) => {
        const { db } = s.data;
        assert.ok(db);
        db.serviceName = "api";
      },
      /services\.api\.serviceName: "api" is taken by data\.db/,
    ],
    [
      "two ConfigMaps of one name",
      (s) => {
        web(s).files["/etc/x"] = "a";
        s.configs["web-files"] = {};
      },
      /configs\.web-files: "web-files" is taken by services\.web\.files/,
    ],
    [
      "a job from what is not there",
      (s) => {
        s.jobs.migrate = job({ from: "wbe" });
      },
      /jobs\.migrate\.from: there is no service "wbe"; did you mean "web"\?/,
    ],
    [
      "a job that would run the service",
      (s) => {
        s.jobs.migrate = { ...job(), command: undefined };
      },
      /jobs\.migrate: would run what the service runs, which never ends; give command or args/,
    ],
    [
      "a job before what is not there",
      (s) => {
        s.jobs.migrate = job({ before: ["web", "apj"] });
      },
      /jobs\.migrate\.before\[1\]: there is no service "apj"; did you mean "api"\?/,
    ],
    [
      "a job after what is not there",
      (s) => {
        s.jobs.migrate = job({ after: ["collect"] });
      },
      /jobs\.migrate\.after\[0\]: there is no other job "collect"/,
    ],
    [
      "a job after one that never ends",
      (s) => {
        s.jobs.clean = job({ schedule: "@daily" });
        s.jobs.migrate = job({ after: ["clean"] });
      },
      /jobs\.migrate\.after\[0\]: "clean" runs by a schedule/,
    ],
    [
      "a job with a schedule before a rollout",
      (s) => {
        s.jobs.clean = job({ schedule: "@daily", before: ["web"] });
      },
      /jobs\.clean\.schedule: a job with a schedule comes neither before nor after anything/,
    ],
    [
      "a job with the name of a service",
      (s) => {
        s.jobs.api = job();
      },
      /jobs\.api: "api" is the name of a service too/,
    ],
    [
      "a job's variable from what is not there",
      (s) => {
        s.jobs.migrate = job({ env: { T: { secret: "key", key: "token" } } });
      },
      /jobs\.migrate\.env\.T\.secret: there is no secret "key"; did you mean "keys"\?/,
    ],
    [
      "a job's request above its limit",
      (s) => {
        s.jobs.migrate = job({ resources: { ...resources, requests: { cpu: "1", memory: "64Mi" } } });
      },
      /jobs\.migrate\.resources\.requests\.cpu: request 1 is above the limit 200m/,
    ],
    [
      "a shared volume that is not there",
      (s) => {
        web(s).volumes.media = { mountPath: "/m", shared: "media" };
      },
      /services\.web\.volumes\.media\.shared: there is no shared volume "media"/,
    ],
    [
      "a shared volume that nothing mounts",
      (s) => {
        s.volumes.media = { size: "1Gi", accessMode: "ReadWriteMany" };
      },
      /volumes\.media: no service mounts it/,
    ],
    [
      "a shared disk of one node under several pods",
      (s) => {
        s.volumes.media = { size: "1Gi", accessMode: "ReadWriteOnce" };
        web(s).volumes.media = { mountPath: "/m", shared: "media" };
        web(s).singleton = true;
        s.jobs.migrate = job();
      },
      /volumes\.media\.accessMode: ReadWriteOnce cannot be shared by several pods, and those of web, migrate mount it/,
    ],
    [
      "a claim's name used twice",
      (s) => {
        s.volumes["web-disk"] = { size: "1Gi", accessMode: "ReadWriteMany" };
        web(s).volumes.disk = { mountPath: "/d", size: "1Gi", accessMode: "ReadWriteMany" };
        web(s).volumes.shared = { mountPath: "/m", shared: "web-disk" };
      },
      /volumes\.web-disk: "web-disk" is taken by services\.web\.volumes\.disk/,
    ],
    [
      "no time to end in",
      (s) => {
        web(s).terminationGracePeriodSeconds = 5;
      },
      /services\.web\.terminationGracePeriodSeconds: 5 s leave no time after the 5 s in which requests drain; more than 5/,
    ],
    [
      "a singleton of two",
      (s) => {
        web(s).singleton = true;
        web(s).replicas = 2;
      },
      /services\.web\.replicas: a singleton has one pod, not 2/,
    ],
    [
      "a singleton that scales",
      (s) => {
        web(s).singleton = true;
        web(s).autoscaling = { min: 1, max: 2, cpu: 70 };
      },
      /services\.web\.autoscaling: a singleton has one pod and cannot be scaled/,
    ],
  ];
  it("tells both jobs that wait for each other", () => {
    const found = problems((s) => {
      s.jobs.one = job({ after: ["two"] });
      s.jobs.two = job({ after: ["one"] });
    });
    assert.equal(found.length, 2);
    for (const problem of found) assert.match(problem, /waits for this job too; break the circle/);
  });

  for (const [what, change, message] of wrong) {
    it(`tells about ${what}`, () => {
      const found = problems(change);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }
});
