import assert from "node:assert/strict";
import { formats } from "../../report/formats.ts";
import { reportOf } from "../../report/report.ts";
import { Secrecy } from "../../report/secrecy.ts";
import { stackReport } from "../../report/stack-report.ts";
import { findCanaries } from "../life/canaries.ts";
import { policyEvent, run } from "./run.ts";

const canary = "Zq7-canary-x9Kd2mPw4LtR8vBn";
const others = {
  password: "hunter2-but-longer",
  random: "q8ZkT3vLm9XwPb2RyC7dHs5NfJ4gAe6U",
  token: `ghp_${"a1B2".repeat(9)}`,
};

describe("secrets in a report", () => {
  const marked = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: others.password,
  };
  const inputs = (which: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "s",
      namespace: "shop",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"data":"${others.password}"}` },
    },
    data: { [which]: others.password },
    stringData: marked,
  });
  const workload = (version: string) => ({
    kind: "Deployment",
    metadata: { name: "d", namespace: "shop", annotations: { note: `${canary} ${version}` } },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "c",
              image: `registry.example/x:${version}`,
              args: [`--token=${others.token}`, `--url=postgres://u:${others.password}@db/${version}`],
              env: [
                { name: "DB_PASSWORD", value: `${others.password}${version}` },
                { name: "BLOB", value: `${others.random}${version}` },
                { name: "URL", value: `postgres://user:${others.password}@db:5432/shop?v=${version}` },
                { name: "OPEN", value: version },
              ],
            },
          ],
        },
      },
    },
  });
  const config = (version: string) => ({
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "shop" },
    data: {
      "app.conf": `version: ${version}\npassword: ${others.password}\n`,
      encoded: Buffer.from(`x${canary}y${version}`).toString("base64"),
    },
  });
  const events = run(
    [
      { type: "kubernetes:core/v1:Secret", name: "s", before: inputs("a"), after: inputs("b") },
      { type: "kubernetes:apps/v1:Deployment", name: "d", before: workload("1"), after: workload("2") },
      { name: "c", before: config("1"), after: config("2") },
      {
        type: "random:index/randomPassword:RandomPassword",
        name: canary,
        before: { result: marked },
        after: { result: marked, length: 9 },
      },
    ],
    [
      policyEvent(`T\nDeployment shop/${canary}: spec.x is ${others.token}.\nRemedy:\n  ${canary}`),
      {
        diagnosticEvent: {
          severity: "error",
          message: `cannot reach postgres://u:${others.password}@db\nexport DB_PASSWORD=${others.password}`,
        },
      },
      { diagnosticEvent: { severity: "warning", message: `${canary} ${encodeURIComponent(canary)}` } },
      {
        diagnosticEvent: {
          severity: "warning",
          message: "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----",
        },
      },
    ],
  );
  const report = reportOf([stackReport(events, { stack: "dev", secrets: [canary] })]);

  for (const [name, { write }] of Object.entries(formats)) {
    it(`are not in ${name}, plain or in base64`, () => {
      const text = write(report);
      assert.deepEqual(findCanaries([canary, ...Object.values(others)], { [name]: text }), []);
      assert.doesNotMatch(text, /MIIEabc/);
    });
  }

  it("leave what is no secret", () => {
    const json = formats.json.write(report);
    for (const shown of [
      "registry.example/x:2",
      "postgres://user:[secret]@db:5432/shop?v=2",
      "version: 2",
      "export DB_PASSWORD=[secret]",
    ])
      assert.ok(json.includes(shown), shown);
  });

  it("that are known are taken out of what is put together with others", () => {
    assert.equal(new Secrecy(["s3cr3t"]).text("as3cr3tb"), "a[secret]b");
    assert.equal(new Secrecy(["a"]).text("banana"), "banana");
  });
});
