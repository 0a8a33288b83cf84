import assert from "node:assert/strict";
import { problemsOf } from "../../components/model/problems.ts";
import { cronSchema, timeZoneSchema } from "../../components/model/schedule.ts";

const fixes = (schema: typeof cronSchema, text: string) => problemsOf(schema, text).map(({ fix }) => fix);

describe("a schedule", () => {
  for (const text of [
    ...[
      "0 3 * * *",
      "*/15 * * * *",
      "0 0 1,15 * *",
      "5-59/10 0-23 1-31 1-12 0-6",
      "30 4 * JAN-mar Mon,fri",
      "5/15 ? ? * *",
    ],
    ...["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "00 03  *  * *"],
  ])
    it(`may be "${text}"`, () => assert.deepEqual(fixes(cronSchema, text), []));

  const wrong: [string, RegExp][] = [
    ["0 3 * * 7", /^the day of the week must be 0 to 6 \(or sun to sat\), such as .* and not "7"$/],
    ["60 3 * * *", /^the minute must be 0 to 59, .* "60"$/],
    ["0 24 * * *", /^the hour must be 0 to 23/],
    ["0 3 0 * *", /^the day of the month must be 1 to 31/],
    ["0 3 * 13 *", /^the month must be 1 to 12 \(or jan to dec\)/],
    ["0 3 * mon *", /month/],
    ["*/0 * * * *", /^the minute must have a step of at least 1, and not "\*\/0"$/],
    ["30-10 * * * *", /^the minute must be a range that does not end before it begins, and not "30-10"$/],
    ["0 3 * * fri-mon", /range/],
    ["1-2-3 * * * *", /minute/],
    ["1/2/3 * * * *", /minute/],
    ["1,,2 * * * *", /minute/],
    ["-5 * * * *", /minute/],
    ["*-5 * * * *", /minute/],
    ["1.5 * * * *", /minute/],
    ["+5 * * * *", /minute/],
    ["*/x * * * *", /minute/],
    ["TZ=UTC 3 * * *", /^must be five fields .* time zone has a key of its own$/],
    ["CRON_TZ=UTC 0 3 * * *", /time zone has a key/],
    ["0 3 * *", /five fields/],
    ["0 0 3 * * *", /five fields/],
    ["@every 5m", /@daily/],
    ["@reboot", /@daily/],
    ["", /five fields/],
  ];
  for (const [text, fix] of wrong)
    it(`is not "${text}"`, () => {
      const found = fixes(cronSchema, text);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", fix);
    });

  it("is told about each wrong field", () => {
    assert.equal(fixes(cronSchema, "61 99 * * *").length, 2);
    assert.equal(fixes(cronSchema, "a b c d e").length, 5);
  });
});

describe("a time zone", () => {
  for (const name of ["Etc/UTC", "UTC", "Europe/Berlin", "Asia/Kolkata", "Etc/GMT+5", "America/Argentina/Buenos_Aires"])
    it(`may be ${name}`, () => assert.deepEqual(fixes(timeZoneSchema, name), []));
  for (const name of ["Mars/Olympus", "Local", "local", "", "europe/berlin", "PST", "SystemV/PST8", "+02:00"])
    it(`is not "${name}"`, () => {
      const found = fixes(timeZoneSchema, name);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", /Europe\/Berlin/);
    });
});
