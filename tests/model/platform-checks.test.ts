import assert from "node:assert/strict";
import { type System, systemSchema } from "../../components/model/system.ts";
import { problems, resources, web } from "./wrong-system.ts";

describe("checkPlatform", () => {
  it("finds nothing wrong with a system that fits together", () =>
    assert.deepEqual(
      problems(() => undefined),
      [],
    ));

  const wrong: [string, (system: System) => void, RegExp][] = [
    [
      "a relation to what is not there",
      (s) => web(s).uses.push("apy"),
      /^services\.web\.uses\[2\]: there is no service or data store "apy" to use; did you mean "api"\?/,
    ],
    [
      "a user name that is written down where passwords rotate",
      (s) => {
        if (s.data.db) s.data.db.rotation = 1;
        Object.assign(web(s).env, { DB_NAME: "shop", DB_USER: "shop" });
        Object.assign(s.configs, { settings: { POSTGRES_DB: "shop" } });
      },
      /^services\.web\.env\.DB_USER: shop cannot log in to db after a rotation; \{ data: db, key: username \}/,
    ],
    ["a relation to itself", (s) => web(s).uses.push("web"), /services\.web\.uses\[2\]: there is no service/],
    [
      "a relation to a service without a port",
      (s) => {
        s.services.api = {
          ...web(s),
          uses: [],
          ports: [],
          probes: { readiness: { exec: ["true"] }, liveness: { exec: ["true"] } },
        };
      },
      /services\.web\.uses\[0\]: service "api" has no port/,
    ],
    [
      "a secret that is not there",
      (s) => {
        web(s).env.T = { secret: "key", key: "token" };
      },
      /services\.web\.env\.T\.secret: there is no secret "key"; did you mean "keys"\?/,
    ],
    [
      "a key that its secret lacks",
      (s) => {
        web(s).env.T = { secret: "keys", key: "tokn" };
      },
      /services\.web\.env\.T\.key: secret "keys" has no key "tokn"; did you mean "token"\?/,
    ],
    [
      "a data store that is not there",
      (s) => {
        web(s).env.T = { data: "bd", key: "url" };
      },
      /services\.web\.env\.T\.data: there is no data store "bd"; did you mean "db"\?/,
    ],
    [
      "a key that a connection lacks",
      (s) => {
        web(s).env.T = { data: "db", key: "uri" };
      },
      /services\.web\.env\.T\.key: the connection of "db" has no key "uri"; did you mean "url"\?/,
    ],
    [
      "a URL of what is not used",
      (s) => {
        web(s).uses = ["db"];
        web(s).env.T = { service: "api" };
      },
      /services\.web\.env\.T\.service: "api" is not among what the service uses.*add "api" to uses/,
    ],
    [
      "a name used for two things",
      (s) => {
        s.services.db = { ...web(s), uses: [] };
      },
      /data\.db: "db" is the name of a service too/,
    ],
    [
      "two Secrets of one name",
      (s) => {
        s.secrets["db-secret"] = { x: { generate: 32 } };
      },
      /data\.db\.connectionSecret\.name: "db-secret" is taken by secrets\.db-secret; a name of its own for each Secret/,
    ],
    [
      "a host used twice",
      (s) => {
        s.ingresses.other = {
          class: "nginx",
          annotations: {},
          tlsSecret: "t",
          routes: [{ path: "/", pathType: "Prefix", service: "api" }],
        };
      },
      /ingresses\.other\.subdomain: host shop\.example\.com is used by ingress "site" too/,
    ],
    [
      "a host that is too long with its subdomain",
      (s) => {
        s.domain = `${"a".repeat(60)}.`.repeat(4).concat("example.com").slice(-250);
        if (s.ingresses.site) s.ingresses.site.subdomain = "shop";
      },
      /ingresses\.site\.subdomain: host shop\.a+.* has 255 characters; at most 253: a shorter domain/,
    ],
    [
      "a path used twice",
      (s) => void s.ingresses.site?.routes.push({ path: "/", pathType: "Prefix", service: "api" }),
      /ingresses\.site\.routes\[1\]\.path: path \/ is used twice/,
    ],
    [
      "a route to what is not there",
      (s) => void s.ingresses.site?.routes.push({ path: "/x", pathType: "Prefix", service: "apj" }),
      /ingresses\.site\.routes\[1\]\.service: there is no service "apj"; did you mean "api"\?/,
    ],
    [
      "a route to a port that is not there",
      (s) => void s.ingresses.site?.routes.push({ path: "/x", pathType: "Prefix", service: "api", port: "grpc" }),
      /ingresses\.site\.routes\[1\]\.port: service "api" has no port "grpc"/,
    ],
    [
      "a port used twice",
      (s) => void web(s).ports.push({ name: "admin", port: 8080, protocol: "TCP" }),
      /services\.web\.ports\[1\]\.port: 8080\/TCP is used twice/,
    ],
    [
      "a port name used twice",
      (s) => void web(s).ports.push({ name: "http", port: 81, protocol: "TCP" }),
      /services\.web\.ports\[1\]\.name: "http" is used twice/,
    ],
    [
      "a probe of a port that is not there",
      (s) => {
        web(s).probes.liveness = { http: "/", port: 9 };
      },
      /services\.web\.probes\.liveness\.port: port 9 is not declared; one of: http \(8080\)/,
    ],
    [
      "a probe that outlasts its period",
      (s) => {
        web(s).probes.liveness = { tcp: "http", periodSeconds: 5, timeoutSeconds: 6 };
      },
      /services\.web\.probes\.liveness\.timeoutSeconds: timeout 6 s is longer than the period 5 s/,
    ],
    [
      "a request above its limit",
      (s) => {
        web(s).resources = { ...resources, requests: { cpu: "1", memory: "64Mi" } };
      },
      /services\.web\.resources\.requests\.cpu: request 1 is above the limit 200m; at most 200m/,
    ],
    [
      "bounds the wrong way round",
      (s) => {
        web(s).autoscaling = { min: 3, max: 2, cpu: 70 };
      },
      /services\.web\.autoscaling\.min: min 3 is above max 2/,
    ],
    [
      "an autoscaler without a target",
      (s) => {
        web(s).autoscaling = { min: 1, max: 2 };
      },
      /services\.web\.autoscaling: has no target/,
    ],
    [
      "an autoscaler by metrics that nothing serves",
      (s) => {
        web(s).autoscaling = { min: 1, max: 2, pods: { requests_per_second: "10" } };
      },
      /services\.web\.autoscaling\.pods\.requests_per_second: nothing serves metrics of pods.*addons\.metricsAdapter/,
    ],
    [
      "a vertical autoscaler that the cluster does not have",
      (s) => {
        web(s).verticalScaling = { mode: "Off", resources: ["cpu"], min: {}, max: {} };
      },
      /services\.web\.verticalScaling: needs the VerticalPodAutoscaler.*addons\.verticalPodAutoscaler/,
    ],
    [
      "a metrics port that is not there",
      (s) => {
        web(s).metrics = { port: "htpp", path: "/metrics", interval: "30s" };
      },
      /services\.web\.metrics\.port: there is no port "htpp"; did you mean "http"\?/,
    ],
    [
      "a dashboard of a service that is not there",
      (s) => {
        s.dashboards.all = { title: "All", services: ["wep"] };
      },
      /dashboards\.all\.services\[0\]: there is no service "wep"; did you mean "web"\?/,
    ],
    [
      "monitoring without cert-manager",
      (s) => {
        s.addons = systemSchema.shape.addons.parse({ monitoring: {} });
      },
      /addons\.monitoring: needs cert-manager/,
    ],
    [
      "an autoscaled DaemonSet",
      (s) => {
        web(s).kind = "DaemonSet";
        web(s).autoscaling = { min: 1, max: 2, cpu: 70 };
      },
      /services\.web\.autoscaling: a DaemonSet runs one pod a node/,
    ],
    [
      "a disk of one node under several pods",
      (s) => {
        web(s).replicas = 2;
        web(s).volumes.disk = { mountPath: "/d", size: "1Gi", accessMode: "ReadWriteOnce" };
      },
      /services\.web\.volumes\.disk\.accessMode: ReadWriteOnce cannot be shared by several pods; ReadWriteMany/,
    ],
    [
      "two volumes in one place",
      (s) => {
        web(s).volumes.x = { mountPath: "/d", scratch: "1Gi" };
        web(s).volumes.y = { mountPath: "/d", scratch: "1Gi" };
      },
      /services\.web\.volumes\.y\.mountPath: \/d is taken by volume "x"/,
    ],
    [
      "a volume's kept name",
      (s) => {
        web(s).volumes.tmp = { mountPath: "/d", scratch: "1Gi" };
      },
      /services\.web\.volumes\.tmp: the name "tmp" is kept/,
    ],
    [
      "a file where a volume is",
      (s) => {
        web(s).volumes.x = { mountPath: "/etc/x", scratch: "1Gi" };
        web(s).files["/etc/x"] = "a";
      },
      /services\.web\.files\.\/etc\/x: volume "x" is mounted there/,
    ],
    [
      "two files that would be one",
      (s) => Object.assign(web(s).files, { "/etc/a_b": "1", "/etc/a/b": "2" }),
      /services\.web\.files\.\/etc\/a\/b: has the key etc_a_b of the ConfigMap, as \/etc\/a_b has; another path for one of them/,
    ],
    [
      "a file whose path is no key",
      (s) => Object.assign(web(s).files, { "/etc/my file": "1" }),
      /services\.web\.files\.\/etc\/my file: "etc_my file" is no key of a ConfigMap/,
    ],
    ["the root for a file", (s) => Object.assign(web(s).files, { "/": "1" }), /"" is no key of a ConfigMap/],
    ["a hidden parent for a file", (s) => Object.assign(web(s).files, { "/..x": "1" }), /"\.\.x" is no key/],
    [
      "a StatefulSet without a port",
      (s) => {
        web(s).kind = "StatefulSet";
        web(s).ports = [];
        web(s).probes = { readiness: { exec: ["true"] }, liveness: { exec: ["true"] } };
        s.ingresses = {};
      },
      /services\.web\.ports: a StatefulSet needs a Service/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`tells about ${what}`, () => {
      const found = problems(change);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }
});
