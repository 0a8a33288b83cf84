import assert from "node:assert/strict";
import { afterUpdate, pendingOperations } from "../../commands/doctor/after.ts";
import type { ClusterFacts } from "../../commands/doctor/facts.ts";
import { type Finding, line } from "../../commands/doctor/verdict.ts";
import { healthy, live, modelOf, pod, wrong } from "./facts.ts";

const model = modelOf("codelab", "prod");
const now = new Date("2026-11-01T12:00:00Z");
const hosts = { "codelab.example.com": ["192.0.2.1"] };
const checkup = (facts: ClusterFacts, asked = {}) => afterUpdate(facts, model, hosts, asked, now);

describe("the doctor after an update", () => {
  it("finds nothing wrong with a stack that is as it shall be", () => {
    assert.deepEqual(wrong(checkup(healthy(), { gateway: 200 })), []);
  });

  const own = (facts: ClusterFacts, change: ClusterFacts["own"]) => ({ own: { ...facts.own, ...change } });
  const cron = (status: unknown, spec = {}) => [
    live("postgres-backup", { spec, status }, { labels: { "app.kubernetes.io/component": "backup" } }),
  ];
  const at = (hour: number) => `2026-11-01T${String(hour).padStart(2, "0")}:00:00Z`;
  const cases: [string, (facts: ClusterFacts) => Partial<ClusterFacts>, string, Finding["verdict"], RegExp][] = [
    [
      "a pod that is not ready",
      (facts) => ({
        pods: [
          ...(facts.pods ?? []),
          pod("x", "codelab", {
            status: {
              conditions: [],
              containerStatuses: [{ name: "gateway", state: { waiting: { reason: "ImagePullBackOff" } } }],
            },
          }),
        ],
      }),
      "pods",
      "failed",
      /x is not ready: gateway ImagePullBackOff/,
    ],
    ["a namespace without pods", () => ({ pods: [] }), "pods", "failed", /none runs/],
    [
      "a workload that is gone",
      (facts) => ({ deployments: (facts.deployments ?? []).slice(1) }),
      "rollouts",
      "failed",
      /gateway does not exist/,
    ],
    [
      "a rollout that is stuck",
      (facts) => ({
        deployments: (facts.deployments ?? []).map((one, index) =>
          index ? one : { ...one, status: { readyReplicas: 2, updatedReplicas: 1 } },
        ),
      }),
      "rollouts",
      "failed",
      /2 of 2 pods ready, 1 of them new/,
    ],
    [
      "a Service that leads nowhere",
      (facts) => own(facts, { endpoints: [] }),
      "endpoints",
      "failed",
      /Service gateway leads nowhere/,
    ],
    [
      "an Ingress without an address",
      (facts) => own(facts, { ingresses: [live("codelab-ingress")] }),
      "ingress",
      "failed",
      /has no address/,
    ],
    [
      "a name that leads elsewhere",
      (facts) =>
        own(facts, {
          ingresses: [
            live("i", {
              spec: { rules: [{ host: "codelab.example.com" }] },
              status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } },
            }),
          ],
        }),
      "ingress",
      "warning",
      /leads to 192\.0\.2\.1/,
    ],
    [
      "a certificate that is not issued",
      (facts) =>
        own(facts, {
          certificates: [
            live("codelab-tls", {
              spec: { secretName: "codelab-tls" },
              status: { conditions: [{ type: "Ready", status: "False", message: "challenge pending" }] },
            }),
          ],
        }),
      "certificates",
      "failed",
      /not issued: challenge pending/,
    ],
    [
      "a certificate that runs out",
      (facts) =>
        own(facts, {
          certificates: [
            live("codelab-tls", {
              spec: { secretName: "codelab-tls" },
              status: { notAfter: "2026-11-05T12:00:00Z", conditions: [{ type: "Ready", status: "True" }] },
            }),
          ],
        }),
      "certificates",
      "warning",
      /runs out in 4 days/,
    ],
    [
      "an autoscaler without metrics",
      (facts) =>
        own(facts, {
          autoscalers: [
            live("gateway-hpa", {
              status: { conditions: [{ type: "ScalingActive", status: "False", message: "no metrics known" }] },
            }),
          ],
        }),
      "autoscalers",
      "failed",
      /no metrics known/,
    ],
    [
      "a claim without a volume",
      (facts) => own(facts, { claims: [live("data", { status: { phase: "Pending" } })] }),
      "volumes",
      "failed",
      /data is Pending/,
    ],
    [
      "a job that gave up",
      (facts) =>
        own(facts, { jobs: [live("migrate-1", { status: { conditions: [{ type: "Failed", status: "True" }] } })] }),
      "jobs",
      "warning",
      /migrate-1 failed/,
    ],
    ["a backup that never ran", (facts) => own(facts, { cronJobs: cron({}) }), "backups", "warning", /has not run yet/],
    [
      "a backup that never succeeded",
      (facts) => own(facts, { cronJobs: cron({ lastScheduleTime: at(3) }) }),
      "backups",
      "failed",
      /never succeeded/,
    ],
    [
      "a backup that fails since",
      (facts) => own(facts, { cronJobs: cron({ lastScheduleTime: at(9), lastSuccessfulTime: at(3) }) }),
      "backups",
      "failed",
      /9 hours ago, and failed since/,
    ],
    [
      "a backup that is suspended",
      (facts) => own(facts, { cronJobs: cron({}, { suspend: true }) }),
      "backups",
      "failed",
      /suspended/,
    ],
    [
      "a bucket that Velero cannot write",
      () => ({ velero: { locations: [live("default", { status: { phase: "Unavailable" } })], schedules: [] } }),
      "backups",
      "failed",
      /default is Unavailable/,
    ],
    [
      "warnings of the last hour",
      (facts) =>
        own(facts, {
          events: [11, 3].map((hour) =>
            live(`e${hour}`, {
              type: "Warning",
              reason: "FailedMount",
              message: "no such volume",
              lastTimestamp: at(hour).replace(":00:00", ":30:00"),
              involvedObject: { kind: "Pod", name: "x" },
            }),
          ),
        }),
      "events",
      "warning",
      /FailedMount of Pod x: no such volume/,
    ],
  ];
  for (const [what, change, check, verdict, message] of cases) {
    it(`tells of ${what}, and of nothing else`, () => {
      const facts = healthy();
      const found = wrong(checkup({ ...facts, ...change(facts) }));
      assert.deepEqual(
        found.map((one) => [one.check, one.verdict]),
        [[check, verdict]],
      );
      assert.match(found[0]?.message ?? "", message);
      const { todo = "" } = found[0] ?? {};
      assert.ok(todo);
      // A command without a namespace looks into another one.
      if (/kubectl (get|describe|logs|patch)/.test(todo)) assert.match(todo, / --namespace [a-z]/);
    });
  }

  it("misses the colour that has the traffic, and the one of a release under way", () => {
    const missing = (config: Record<string, unknown>) =>
      afterUpdate(healthy("ai-assistant"), modelOf("ai-assistant-production", "prod", config), hosts, {}, now)
        .filter(({ check }) => check === "rollouts")
        .map(({ message }) => message);
    assert.deepEqual(missing({}), [
      "ai-assistant-blue does not exist",
      "milvus does not exist",
      "postgres does not exist",
    ]);
    const green = { "keelson:releases": { "ai-assistant": { active: "blue", green: { tag: "v1.1.0", check: 1 } } } };
    assert.ok(missing(green).includes("ai-assistant-green does not exist"));
  });

  it("counts a backup as fresh that succeeded when it last ran", () => {
    const facts = healthy();
    const found = checkup({
      ...facts,
      ...own(facts, { cronJobs: cron({ lastScheduleTime: at(3), lastSuccessfulTime: at(3) }) }),
    });
    assert.ok(found.some((one) => line(one).includes("postgres-backup succeeded 9 hours ago")));
  });

  it("takes an error for a warning, and a refused question for none", () => {
    assert.deepEqual(
      wrong(checkup(healthy(), { gateway: 500, "llm-proxy": undefined })).map(({ verdict }) => verdict),
      ["warning", "cannot tell"],
    );
  });

  it("does not pretend that simulated pods answer", () => {
    const found = wrong(checkup({ ...healthy(), simulated: true }));
    assert.deepEqual(
      found.map(({ check, verdict }) => [check, verdict]),
      [
        ["answers", "cannot tell"],
        ["certificates", "cannot tell"],
        ["autoscalers", "cannot tell"],
      ],
    );
  });

  it("names what an interrupted update left", () => {
    const [finding] = pendingOperations(["creating gateway"], "prod");
    assert.match(
      line(finding as Finding),
      /^failed +state +1 operations were interrupted: creating gateway; npm run recover -- --stack prod$/,
    );
    assert.equal(pendingOperations(undefined, "prod")[0]?.verdict, "cannot tell");
  });
});
