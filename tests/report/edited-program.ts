import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * The project's own program with some fields of some objects changed, as somebody's mistake would. `EDITS` says which:
 * `[{ "resource": "codelab-gateway-deployment", "path": ["spec", "replicas"], "value": 0 }]`; without a value the field is taken
 * away. `UNKNOWN` adds what is not known before the update. Runs in the place of index.ts.
 */
interface Edit {
  resource: string;
  path: (string | number)[];
  value?: unknown;
}

const edits = JSON.parse(process.env.EDITS ?? "[]") as Edit[];

function edited(value: unknown, [key, ...rest]: Edit["path"], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? edited(item, rest, to) : item));
  const { [key]: inner, ...others } = (value ?? {}) as Record<string | number, unknown>;
  const changed = edited(inner, rest, to);
  return changed === undefined ? others : { ...others, [key]: changed };
}

pulumi.runtime.registerResourceTransform(({ name, props, opts }) => {
  const own = edits.filter(({ resource }) => resource === name);
  if (own.length === 0) return undefined;
  return {
    props: own.reduce<unknown>((all, { path, value }) => edited(all, path, value), props) as typeof props,
    opts,
  };
});

// Only now, so that the transform is there before the first resource.
await import("../../index.ts");

if (process.env.UNKNOWN) {
  const later = new random.RandomId("not-known-yet", { byteLength: 4 }).hex;
  new k8s.core.v1.ConfigMap("knows-later", {
    metadata: { namespace: "codelab-dev", name: "knows-later" },
    data: { id: later },
  });
  new k8s.helm.v4.Chart("renders-later", {
    chart: `${process.env.UNKNOWN}/redis`,
    namespace: "codelab-dev",
    values: { auth: { existingSecret: "redis-secret" }, commonAnnotations: { id: later } },
  });
}
