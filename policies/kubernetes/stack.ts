import { NotKnown } from "./field.ts";
import { groupKind, isComponent, type KubernetesObject, namespaceOf } from "./object.ts";
import { makesOperatorPods, operatorPodLabels } from "./operator-pods.ts";
import { type PodSpec, podSpecOf } from "./pod-spec.ts";
import type { Labels } from "./selector.ts";

/** An object and the pod spec that it makes pods of. */
export interface PodMaker {
  readonly object: KubernetesObject;
  readonly pod: PodSpec;
}

/** Pods that are alike, as selectors see them. */
export interface PodGroup {
  readonly object: KubernetesObject;
  /** Absent where an operator makes the pods, so that only their labels are known. */
  readonly pod?: PodSpec;
  /**
   * The namespace that they are in.
   * @throws NotKnown
   */
  readonly namespace: () => string;
  /**
   * Their labels.
   * @throws NotKnown
   */
  readonly labels: () => Labels;
}

interface Index {
  readonly byName: Map<string, KubernetesObject[]>;
  /** Why an object that is not found may be there all the same. */
  readonly unknown: NotKnown[];
}

/** All objects that are judged together, with the ways to find one from another. */
export class Stack {
  /** Everything, Pulumi's components that stand for charts included. */
  readonly all: readonly KubernetesObject[];
  /** What reaches the cluster. */
  readonly objects: readonly KubernetesObject[];
  readonly podMakers: readonly PodMaker[];
  readonly pods: readonly PodGroup[];
  readonly #byKind: ReadonlyMap<string, KubernetesObject[]>;
  readonly #index = new Map<string, Index>();
  readonly #operated: readonly KubernetesObject[];
  readonly #podsOf: ReadonlyMap<KubernetesObject, PodGroup>;
  readonly #podsIn = new Map<string, PodGroup[]>();
  /** Pods of which it is not known in what namespace they are. */
  readonly #podsSomewhere: PodGroup[] = [];

  constructor(all: readonly KubernetesObject[]) {
    this.all = all;
    this.objects = all.filter((object) => !isComponent(object));
    this.#byKind = Map.groupBy(this.objects, groupKind);
    this.podMakers = this.objects.flatMap((object) => {
      const pod = podSpecOf(object);
      return pod ? [{ object, pod }] : [];
    });
    this.pods = this.objects.flatMap(podGroup);
    this.#operated = this.pods.flatMap(({ object, pod }) => (pod ? [] : [object]));
    this.#podsOf = new Map(this.pods.map((group) => [group.object, group]));
    for (const group of this.pods) {
      const namespace = ifKnown(group.namespace);
      if (namespace === undefined) this.#podsSomewhere.push(group);
      else if (!this.#podsIn.get(namespace)?.push(group)) this.#podsIn.set(namespace, [group]);
    }
  }

  /** The objects of which an operator makes pods. */
  get operated(): readonly KubernetesObject[] {
    return this.#operated;
  }

  /** The pods of an object, if it makes any. */
  podsOf(object: KubernetesObject): PodGroup | undefined {
    return this.#podsOf.get(object);
  }

  /** The objects of a kind, given as `apps/Deployment`, `/Service` for the core group. */
  ofKind(kind: string): readonly KubernetesObject[] {
    return this.#byKind.get(kind) ?? [];
  }

  /**
   * The object of a kind with a name.
   * @param namespace undefined for kinds that have none
   * @throws NotKnown if there is none, but one whose name is not known yet
   */
  find(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    const index = this.#indexOf(kind);
    const found = index.byName.get(namespace === undefined ? name : `${namespace}/${name}`)?.[0];
    if (!found && index.unknown[0]) throw index.unknown[0];
    return found;
  }

  /**
   * The groups of pods of a namespace that pass a test.
   * @throws NotKnown if none does, but one may
   */
  podsMatching(namespace: string, test: (labels: Labels) => boolean): PodGroup[] {
    const candidates = [...(this.#podsIn.get(namespace) ?? []), ...this.#podsSomewhere];
    return someOf(candidates, (pod) => pod.namespace() === namespace && test(pod.labels()));
  }

  #indexOf(kind: string): Index {
    const known = this.#index.get(kind);
    if (known) return known;
    const index: Index = { byName: new Map(), unknown: [] };
    const add = (key: string, object: KubernetesObject) => {
      if (!index.byName.get(key)?.push(object)) index.byName.set(key, [object]);
    };
    for (const object of this.ofKind(kind)) {
      try {
        const name = object.body.at("metadata", "name").string;
        if (name === undefined) continue;
        add(name, object);
        add(`${namespaceOf(object)}/${name}`, object);
      } catch (error) {
        if (!(error instanceof NotKnown)) throw error;
        index.unknown.push(error);
      }
    }
    this.#index.set(kind, index);
    return index;
  }
}

/**
 * The things that pass a test.
 * @throws NotKnown if none does, but one may
 */
export function someOf<Thing>(things: readonly Thing[], test: (thing: Thing) => boolean): Thing[] {
  let unknown: NotKnown | undefined;
  const found = things.filter((thing) => {
    try {
      return test(thing);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown ??= error;
      return false;
    }
  });
  if (found.length === 0 && unknown) throw unknown;
  return found;
}

/** What a function gives; undefined where it needs a value that is not known yet. */
export function ifKnown<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return undefined;
  }
}

/** A function that is asked once, and gives the same afterwards, or fails in the same way. */
function once<Result>(read: () => Result): () => Result {
  let answer: (() => Result) | undefined;
  return () => {
    if (!answer) {
      try {
        const result = read();
        answer = () => result;
      } catch (error) {
        answer = () => {
          throw error;
        };
      }
    }
    return answer();
  };
}

/** The labels by which selectors find pods; those of a chart's test, which runs only when somebody asks, are for none. */
function ownLabels(object: KubernetesObject, pod: PodSpec | undefined): Labels {
  const hook = object.body.at("metadata", "annotations", "helm.sh/hook").string;
  return hook?.startsWith("test") ? {} : (pod?.metadata.at("labels").texts ?? {});
}

function podGroup(object: KubernetesObject): PodGroup[] {
  const pod = podSpecOf(object);
  if (!pod && !makesOperatorPods(object)) return [];
  return [
    {
      object,
      ...(pod ? { pod } : {}),
      namespace: once(() => namespaceOf(object)),
      labels: once(() => operatorPodLabels(object) ?? ownLabels(object, pod)),
    },
  ];
}
