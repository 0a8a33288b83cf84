import assert from "node:assert/strict";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ContainerPlace, containerPlaces } from "./containers.ts";
import { violations, wanted } from "./engine-events.ts";
import { OwnSandbox } from "./own-sandbox.ts";

interface Removal {
  field: string;
  /** The rules that must find it, and what the remedy of each must name. */
  rules: Record<string, RegExp>;
  asked: (place: ContainerPlace) => boolean;
}

const everywhere = () => true;
const longRunning = (place: ContainerPlace) => place.longRunning;

const removals: Removal[] = [
  {
    field: "resources",
    rules: { "cpu-requests-set": /requests:\s+cpu:/, "memory-requests-set": /requests:\s+memory:/ },
    asked: everywhere,
  },
  // A limit that is left stands in for the request in the cluster, but not for the gate.
  { field: "resources.requests.cpu", rules: { "requests-explicit": /requests:\s+cpu:/ }, asked: everywhere },
  { field: "resources.requests.memory", rules: { "requests-explicit": /requests:[\s\S]*memory:/ }, asked: everywhere },
  { field: "resources.limits.cpu", rules: { "cpu-limits-set": /limits:\s+cpu:/ }, asked: everywhere },
  { field: "resources.limits.memory", rules: { "memory-limits-set": /limits:\s+memory:/ }, asked: everywhere },
  { field: "readinessProbe", rules: { "readiness-probe-set": /readinessProbe:/ }, asked: longRunning },
  { field: "livenessProbe", rules: { "liveness-probe-set": /livenessProbe:/ }, asked: longRunning },
];

describe("the gate in front of stack prod", function () {
  this.timeout(300_000);
  const stack = "prod";
  let own: OwnSandbox;
  let places: ContainerPlace[];

  before(async () => {
    own = await OwnSandbox.started();
    const program = join(own.sandbox.paths.project, "index.ts");
    await rm(program);
    await symlink(fileURLToPath(new URL("without-field.ts", import.meta.url)), program);
  });
  after(() => own.remove());

  it("lets the system through as it is", async () => {
    const { events } = await own.preview(stack);
    assert.deepEqual(violations(events), []);
    places = containerPlaces(wanted(events));
    const objects = places.map(({ object }) => object);
    for (const object of ["Deployment codelab/gateway", "StatefulSet codelab/redis-replicas"])
      assert.ok(objects.includes(object), object);
    assert.ok(objects.some((object) => object.startsWith("Deployment cert-manager/")));
    assert.ok(objects.some((object) => object.startsWith("Deployment ingress-nginx/")));
  });

  for (const { field, rules, asked } of removals) {
    it(`stops ${asked === everywhere ? "every container" : "every long-running container"} without ${field}`, async () => {
      const { exitCode, output, events } = await own.attempt(
        ["preview", "--stack", stack, "--policy-pack", "policies"],
        { REMOVED_FIELD: field },
      );
      assert.notEqual(exitCode, 0, output);
      const expected = places.filter(asked).map(label).sort();
      for (const [rule, remedy] of Object.entries(rules)) {
        const found = violations(events).filter(({ policyName }) => policyName === rule);
        assert.ok(found.every(({ enforcementLevel }) => enforcementLevel === "mandatory"));
        const named = places.filter(({ urn, object, container }) =>
          found.some(
            ({ resourceUrn, message }) =>
              resourceUrn === urn &&
              message.includes(`${object}, container ${container}: `) &&
              message.includes(field) &&
              remedy.test(message),
          ),
        );
        assert.deepEqual(named.map(label).sort(), expected);
        assert.equal(found.length, expected.length, "each is named once");
      }
    });
  }
});

function label({ object, container }: ContainerPlace): string {
  return `${object} ${container}`;
}
