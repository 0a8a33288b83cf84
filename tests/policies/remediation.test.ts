import assert from "node:assert/strict";
import { unknownValues } from "../../policies/kubernetes/field.ts";
import { write } from "../../policies/remediation.ts";
import { environments } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { Session } from "../../policies/session.ts";
import type { Waiver } from "../../policies/waivers.ts";
import { casesByRule, kindsOf, objectsOfCase, positionsOf } from "./cases.ts";
import { judged, nameOf, told } from "./checks.ts";
import {
  changed,
  container,
  initContainer,
  type Json,
  objectAround,
  objectsOf,
  pathsIn,
  podBearing,
  podSpec,
} from "./objects.ts";
import { PackServer } from "./pack-server.ts";

const [mark] = unknownValues;
const [, , , deployment] = podBearing;
const remedying = rules.filter((rule) => rule.sees === "object" && rule.settings);

/** A manifest after the given rules set right what they can. */
function remedied(manifest: Json, ids = remedying.map(({ id }) => id), waivers: readonly Waiver[] = []): Json {
  const session = new Session({ rules, levelOf: ({ levels }) => levels.dev, waivers });
  const copy = structuredClone(manifest);
  for (const rule of rules.filter(({ id }) => ids.includes(id)))
    for (const object of objectsOf(manifest)) write(copy, session.settings(rule, object));
  return copy;
}

/** A Deployment with a container of each kind, none of which says anything about security but that it is not root. */
function bare(context: Json = { runAsUser: 1000 }): Json {
  const plain = (one: Json) => ({ ...one, securityContext: undefined });
  return JSON.parse(
    JSON.stringify(
      objectAround(
        deployment,
        podSpec({
          securityContext: context,
          containers: [plain(container("a")), plain(container("b"))],
          initContainers: [plain(initContainer("c"))],
        }),
      ),
    ),
  );
}

const found = (manifest: Json) =>
  remedying.filter((rule) => judged(rule, {}, [manifest]).length > 0).map(({ id }) => id);

describe("remediation", () => {
  it("is for dev alone, and for rules that can set something right", () => {
    assert.deepEqual(remedying.map(({ id }) => id).sort(), [
      "capabilities-drop-all",
      "no-privilege-escalation",
      "seccomp-profile",
    ]);
    for (const rule of rules)
      for (const environment of environments)
        assert.equal(
          rule.levels[environment] === "remediate",
          environment === "dev" && remedying.includes(rule),
          rule.id,
        );
  });

  it("sets right every container that does not run as root", () => {
    assert.deepEqual(found(bare()).length, remedying.length);
    assert.deepEqual(found(remedied(bare())), []);
    assert.deepEqual(found(remedied(bare({ runAsNonRoot: true }))), []);
  });

  it("takes nothing from a container that may need it, and nothing back that somebody wrote", () => {
    const rights = ["capabilities-drop-all", "no-privilege-escalation"];
    for (const context of [{}, { runAsUser: 0 }, { runAsNonRoot: false }, { runAsUser: 0, runAsNonRoot: true }])
      assert.deepEqual(found(remedied(bare(context))).sort(), rights, JSON.stringify(context));
    const first = ["spec", "template", "spec", "containers", "0", "securityContext"];
    for (const context of [
      { privileged: true },
      { capabilities: { add: ["SYS_ADMIN"] } },
      { runAsUser: 0 },
      { allowPrivilegeEscalation: true, capabilities: { drop: ["ALL"] }, seccompProfile: { type: "Unconfined" } },
    ]) {
      const before = changed(bare(), first, context);
      const after = remedied(before) as ReturnType<typeof JSON.parse>;
      assert.deepEqual(after.spec.template.spec.containers[0].securityContext, context);
      assert.equal(after.spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation, false);
    }
  });

  it("leaves what a waiver allows", () => {
    const waiver = {
      rule: "seccomp-profile",
      object: "Deployment shop/*",
      reason: "It needs the calls",
      owner: "team-shop",
      expires: "2999-12-31",
    };
    assert.deepEqual(found(remedied(bare(), undefined, [waiver])), ["seccomp-profile"]);
  });

  it("breaks no rule, changes nothing where its rule holds, and nothing that is not known yet", () => {
    for (const rule of remedying) {
      const cases = casesByRule.get(rule.id);
      for (const [index, one] of [...(cases?.broken ?? []), ...(cases?.holds ?? [])].entries())
        for (const kind of kindsOf(one, cases?.kinds))
          for (const position of positionsOf(one, cases?.positions)) {
            const [before = {}] = objectsOfCase(one, kind, position);
            const after = remedied(before, [rule.id]);
            const place = `${rule.id} ${nameOf(one, index)} ${kind.kind} ${position}`;
            if (judged(rule, {}, [before]).length === 0) assert.deepEqual(after, before, place);
            for (const other of rules) {
              const more = judged(other, {}, [after]);
              assert.ok(more.length <= judged(other, {}, [before]).length, `${place}: ${other.id} ${told(more)}`);
            }
          }
    }
    for (const path of pathsIn(bare())) {
      const after = remedied(changed(bare(), path, mark)) as unknown;
      const value = path.reduce<unknown>((inner, key) => (inner as Json)[key], after);
      assert.equal(value, mark, path.join("."));
    }
  });
});

describe("the pack's remediation, as the engine asks for it", function () {
  this.timeout(60_000);
  let pack: PackServer;
  const secretKey = "4dabf18193072939515e22adb298388d";
  const secret = { [secretKey]: "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
  const web = (props: Json = bare()) => ({ type: "kubernetes:apps/v1:Deployment", name: "web", props });
  before(async () => {
    pack = await PackServer.start();
  });
  after(() => pack.stop());

  /** As the engine does: it hands the pack's own levels back to it. */
  async function begin(environment: string): Promise<void> {
    await pack.announceStack({ "keelson:environment": environment });
    const levels = Object.entries(await pack.levels());
    await pack.configure(Object.fromEntries(levels.map(([name, level]) => [name, level ? { level } : {}])));
  }

  it("changes nothing in staging and prod", async () => {
    for (const environment of ["staging", "prod"]) {
      await begin(environment);
      assert.deepEqual(await pack.remediate(web()), []);
    }
  });

  it("sets right in dev, keeps what is secret or unknown so, and judges what is left as advice", async () => {
    await begin("dev");
    const pod = ["spec", "template", "spec"];
    const props = changed(
      changed(
        changed(bare(), [...pod, "containers", "0", "env"], [{ name: "A", value: secret }]),
        [...pod, "nodeName"],
        mark,
      ),
      [...pod, "containers", "1", "securityContext"],
      { runAsUser: 0 },
    );
    const remediations = await pack.remediate(web(props));
    assert.deepEqual(remediations.map(({ rule }) => rule).sort(), remedying.map(({ id }) => id).sort());
    const after = remediations.at(-1)?.props as ReturnType<typeof JSON.parse>;
    const [first, second] = after.spec.template.spec.containers;
    assert.deepEqual(first.securityContext, { capabilities: { drop: ["ALL"] }, allowPrivilegeEscalation: false });
    assert.deepEqual(first.env, [{ name: "A", value: secret }]);
    assert.deepEqual(second.securityContext, { runAsUser: 0 });
    assert.equal(after.spec.template.spec.nodeName, mark);
    const left = await pack.analyze(web(after));
    assert.deepEqual(
      left.filter(({ rule, level }) => remedying.some(({ id }) => id === rule) && level === "mandatory"),
      [],
    );
    assert.deepEqual(await pack.remediate(web(after)), []);
  });

  it("is refused elsewhere, and for rules that can set nothing right", async () => {
    await pack.announceStack({ "keelson:environment": "prod" });
    await assert.rejects(
      pack.configure({ "seccomp-profile": { level: "remediate" } }),
      /Rule "seccomp-profile" cannot be set to remediate in prod: only in dev/,
    );
    await pack.announceStack({ "keelson:environment": "dev" });
    await assert.rejects(
      pack.configure({ "no-privileged": { level: "remediate" } }),
      /Rule "no-privileged" cannot be set to remediate; capabilities-drop-all, .* can\./,
    );
  });
});
