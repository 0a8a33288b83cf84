import assert from "node:assert/strict";
import { approvedBy, differences } from "../../commands/approval.ts";
import type { Change } from "../../report/model.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";

const nothing = stackReport([], { stack: "prod", packWanted: false });
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const change = (name: string, more: Partial<Change> = {}): Change => ({
  urn: `urn:pulumi:prod::keelson::kubernetes:apps/v1:Deployment::${name}`,
  operation: "update",
  type: "kubernetes:apps/v1:Deployment",
  kind: "Deployment",
  namespace: "shop",
  name,
  component: name,
  fields: [{ path: "spec.replicas", before: "2", after: "3" }],
  ...more,
});
const planned = (letter: string, ...list: Change[]) => ({ ...nothing, changes: { digest: digest(letter), list } });

describe("what was approved", () => {
  it("is what is planned where the digests are the same", () => {
    const { changes } = planned("a", change("web"));
    assert.deepEqual(differences(changes, planned("a", change("web"))), []);
    assert.deepEqual(differences({ digest: digest("a") }, planned("a", change("web"))), []);
  });

  it("differs by objects that come, go, or change in another way", () => {
    const { changes } = planned("a", change("web"), change("api"), change("job", { namespace: "ops" }), change("same"));
    const now = planned(
      "b",
      change("web", { fields: [{ path: "spec.replicas", before: "2", after: "9" }] }),
      change("api", { operation: "replace" }),
      change("db", { operation: "delete" }),
      change("same"),
    );
    assert.deepEqual(differences(changes, now), [
      "update Deployment shop/web, other than approved in spec.replicas",
      "replace Deployment shop/api; approved was: update",
      "not approved: delete Deployment shop/db",
      "no longer planned: update Deployment ops/job",
    ]);
  });

  it("differs where only values do that a report does not tell", () => {
    const { changes } = planned("a", change("web"));
    assert.deepEqual(differences(changes, planned("b", change("web"))), [
      "the same objects change, with other values than were approved",
    ]);
  });

  it("differs from another digest, with all that is planned", () => {
    assert.deepEqual(differences({ digest: digest("a") }, planned("b", change("web"))), [
      `${digest("b")} is planned, ${digest("a")} was approved`,
      "update Deployment shop/web",
    ]);
  });

  it("is nothing where the report is of another stack, of an update, of a failed preview or of broken rules", () => {
    const clean = { ...planned("a", change("web")), verdict: "clean" as const };
    assert.deepEqual(approvedBy(reportOf([clean]), "prod"), clean.changes);
    const refused: [RegExp, string][] = [
      [/tells of prod, not of dev/, String(approvedBy(reportOf([clean]), "dev"))],
      [/an update that was made/, String(approvedBy(reportOf([{ ...clean, operation: "update" }]), "prod"))],
      [/a preview that failed/, String(approvedBy(reportOf([{ ...clean, verdict: "failed" }]), "prod"))],
      [/mandatory rules are broken/, String(approvedBy(reportOf([{ ...clean, verdict: "policy" }]), "prod"))],
    ];
    for (const [message, said] of refused) assert.match(said, message);
  });
});
