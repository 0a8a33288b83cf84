import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { reportJsonSchema, reportSchema } from "../../report/model.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";
import { eventsOf, exampleMarkdown, exampleReport, examples, examplesFolder } from "./examples.ts";

const wanted = {
  "first-deployment": "clean",
  update: "clean",
  "no-change": "clean",
  "image-bump": "clean",
  scale: "clean",
  "replaced-database": "clean",
  "deleted-namespace": "clean",
  "program-error": "failed",
  "policy-violations": "policy",
  "waiver-expiring": "clean",
  opened: "clean",
  "unknown-values": "policy",
  "chart-upgrade": "clean",
  "three-hundred-services": "clean",
  "unreachable-cluster": "failed",
};

describe("the examples of reports", () => {
  const all = examples();
  const validate = new Ajv({ strict: false }).compile(reportJsonSchema() as object);

  it("are there for each situation", () => {
    assert.deepEqual(all.map(({ name }) => name).sort(), Object.keys(wanted).sort());
  });

  for (const example of all) {
    it(`${example.name} is what the command makes of its events (npm run record-reports -- --comments)`, () => {
      assert.equal(exampleMarkdown(example), readFileSync(join(examplesFolder, `${example.name}.md`), "utf8"));
    });

    it(`${example.name} fits the published schema and is ${wanted[example.name as keyof typeof wanted]}`, () => {
      const report = exampleReport(example);
      assert.equal(report.verdict, wanted[example.name as keyof typeof wanted]);
      const json: unknown = JSON.parse(JSON.stringify(report));
      assert.ok(validate(json), JSON.stringify(validate.errors));
      assert.deepEqual(reportSchema.parse(json), json);
    });
  }

  it("do not depend on the order in which the engine tells", () => {
    const [example] = all.filter(({ name }) => name === "policy-violations");
    assert.ok(example);
    const events = eventsOf(example);
    const shuffled = events
      .map((event, index) => ({ event, key: (index * 7919) % 1009 }))
      .sort((a, b) => a.key - b.key);
    assert.deepEqual(
      reportOf([
        stackReport(
          shuffled.map(({ event }) => event),
          { stack: example.stack },
        ),
      ]),
      reportOf([stackReport(events, { stack: example.stack })]),
    );
  });

  it("have no path and no port of the machine that recorded them", () => {
    for (const example of all) {
      const text = JSON.stringify(eventsOf(example));
      assert.doesNotMatch(text, /\/(root|home|tmp|Users|work)\/|127\.0\.0\.1:(?!6443)\d/, example.name);
    }
  });
});
