import { broken, each, eachObject, type Verdict } from "../judge.ts";
import { containersOf } from "../kubernetes/containers.ts";
import type { Field } from "../kubernetes/field.ts";
import { isBuiltIn } from "../kubernetes/kinds.ts";
import { nearestName } from "../kubernetes/nearest-name.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { retirementOf } from "../kubernetes/retired-versions.ts";
import { hasShape, inWords, kubernetesSchema, type Schema, type Shape } from "../kubernetes/schema.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const schemaValid: Rule = {
  id: "schema-valid",
  title: "Every field is one that Kubernetes knows, with a value of its type",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each object says its version and kind; each of Kubernetes' own groups is of a version and kind that there is, and each of its fields is one of the kind's, with a value of the right type, as the OpenAPI document of an API server of Kubernetes 1.36 says. Custom resources and versions that are gone or not stable are left out.",
  why: "A field that is misspelled does nothing, or the API server refuses it, and only while deploying.",
  remedy: "Write the field as the kind has it; `kubectl explain` shows them all.",
  sources: [
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
    "kube-linter schema-validation",
    "https://github.com/yannh/kubeconform",
  ],
  ...eachObject(undefined, function* (object) {
    if (!isBuiltIn(object) || retirementOf(object.apiVersion, object.kind)) return;
    const schema = kubernetesSchema();
    const type = schema.kinds[`${object.apiVersion} ${object.kind}`];
    if (type === undefined) yield* judgeKind(object.body, object.apiVersion, object.kind, schema);
    else
      for (const verdict of judgeMap(object.body, type, schema)) {
        const container = containerAt(object, verdict.field.path);
        yield { ...verdict, ...(container === undefined ? {} : { container }) };
      }
  }),
};

/** The name of the container that a field is in. */
function containerAt(object: KubernetesObject, path: string): string | undefined {
  const pod = podSpecOf(object);
  return pod && containersOf(pod).find(({ field }) => path.startsWith(`${field.path}.`))?.name;
}

/** Fields that tools outside of the API keep in an object. */
const marks = /^__|^\$/;

function* judgeMap(map: Field, type: string, schema: Schema): Generator<Verdict> {
  const fields = schema.types[type] ?? {};
  yield* each(map.entries, function* ([key, field]) {
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (shape !== undefined) yield* judge(field, shape, schema);
    else if (!marks.test(key) && field.set) {
      const nearest = nearestName(key, Object.keys(fields));
      yield broken(field, "is no field that Kubernetes knows", nearest && `${nearest}:`);
    }
  });
}

function* judge(field: Field, shape: Shape, schema: Schema): Generator<Verdict> {
  if (shape === "a" || !field.set) return;
  if (!hasShape(field, shape)) yield broken(field, `is not ${inWords(shape)}`);
  else if (shape.startsWith("#")) yield* judgeMap(field, shape.slice(1), schema);
  else if (shape.startsWith("[")) yield* each(field.list, (item) => judge(item, shape.slice(1), schema));
  else if (shape.startsWith("{")) yield* each(field.entries, ([, item]) => judge(item, shape.slice(1), schema));
}

/** A kind that its version does not have, or a version that its group does not have. */
function* judgeKind(body: Field, version: string, kind: string, schema: Schema): Generator<Verdict> {
  if (kind === "Config") return;
  const kinds = Object.keys(schema.kinds).map((key) => key.split(" "));
  const here = kinds.flatMap(([of, name = ""]) => (of === version ? [name] : []));
  const [elsewhere] = kinds.find(([of, name]) => name === kind && of !== version) ?? [];
  const right = elsewhere && `apiVersion: ${elsewhere}`;
  if (version === "") yield broken(body.at("apiVersion"), "is not set", right);
  else if (kind === "") yield broken(body.at("kind"), "is not set");
  else if (here.length === 0) {
    const [group = "", of = ""] = version.includes("/") ? version.split("/") : ["", version];
    const isServed = kinds.some(([known = ""]) => known.replace(/\/?v\w+$/, "") === group);
    if (isServed ? !/^v\d+(alpha|beta)\d+$/.test(of) : elsewhere !== undefined)
      yield broken(body.at("apiVersion"), "is no version that Kubernetes has", right);
  } else {
    const nearest = nearestName(kind, here);
    yield broken(body.at("kind"), `is no kind of ${version}`, right ?? (nearest && `kind: ${nearest}`));
  }
}
