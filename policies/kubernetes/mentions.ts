import { type Field, NotKnown } from "./field.ts";
import { isBuiltIn } from "./kinds.ts";
import { groupKind, type KubernetesObject, nameIn, namespaceOf } from "./object.ts";
import type { Stack } from "./stack.ts";

/** Fields of Kubernetes' own kinds that name an object of one kind in their own namespace, and that kind. */
const references: Readonly<Record<string, string>> = {
  claimName: "/PersistentVolumeClaim",
  configMap: "/ConfigMap",
  configMapKeyRef: "/ConfigMap",
  configMapRef: "/ConfigMap",
  imagePullSecrets: "/Secret",
  secret: "/Secret",
  secretKeyRef: "/Secret",
  secretName: "/Secret",
  secretRef: "/Secret",
  serviceAccount: "/ServiceAccount",
  serviceAccountName: "/ServiceAccount",
};

/** Fields of Kubernetes' own kinds in which a name of a ConfigMap, Secret, ServiceAccount or claim is a coincidence. */
const others = new Set(
  (
    "labels matchLabels matchExpressions selector labelSelector podSelector namespaceSelector scaleTargetRef targetRef roleRef " +
    "serviceName service image path mountPath host hosts key items"
  ).split(" "),
);

/** Lists of Kubernetes' own kinds whose items have names of their own. */
const named = new Set(
  "containers initContainers ephemeralContainers ports volumes volumeMounts volumeDevices env".split(" "),
);

/** The words of a stack, each with the objects in which it stands, and what could hold more. */
interface Words {
  readonly users: Map<string, Set<KubernetesObject>>;
  readonly unknown: { readonly object: KubernetesObject; readonly error: NotKnown }[];
}

const wordsOfStack = new WeakMap<Stack, Words>();

/**
 * Whether another object of the stack names an object: where its kind is named, from the same namespace; or anywhere
 * else, alone, in a list of arguments or in an address, but as a label, a container's name and the like.
 * @throws NotKnown if none does, but one may
 */
export function isMentioned(object: KubernetesObject, stack: Stack): boolean {
  const { users, unknown } = wordsOf(stack);
  const name = nameIn(object);
  const words = [name, reference(groupKind(object), namespaceOf(object), name)];
  if (words.some((word) => [...(users.get(word) ?? [])].some((user) => user !== object))) return true;
  const other = unknown.find((one) => one.object !== object);
  if (other) throw other.error;
  return false;
}

function reference(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace} ${name}`;
}

function wordsOf(stack: Stack): Words {
  const known = wordsOfStack.get(stack);
  if (known) return known;
  const words: Words = { users: new Map(), unknown: [] };
  for (const object of stack.objects) collect(object, words);
  wordsOfStack.set(stack, words);
  return words;
}

function collect(object: KubernetesObject, { users, unknown }: Words): void {
  const own = isBuiltIn(object);
  const add = (word: string) => {
    const using = users.get(word) ?? new Set();
    users.set(word, using.add(object));
  };
  const ifKnown = (read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown.push({ object, error });
    }
  };
  const visit = (field: Field, key: string, kind: string | undefined): void =>
    ifKnown(() => {
      const text = field.string;
      if (text !== undefined) {
        if (kind !== undefined) add(reference(kind, namespaceOf(object), text));
        else for (const word of [text, ...text.split(/[^\w.-]+/)]) add(word);
        return;
      }
      for (const item of field.list) visit(item, key, kind);
      for (const [inner, value] of field.entries)
        if (!own) visit(value, inner, undefined);
        else if (!others.has(inner) && !(inner === "name" && named.has(key)))
          visit(value, inner, references[inner] ?? (inner === "name" ? kind : undefined));
    });
  for (const [key, field] of object.body.entries) if (key !== "metadata") visit(field, key, undefined);
  ifKnown(() => {
    for (const [key, value] of object.body.at("metadata", "annotations").entries)
      if (!key.endsWith("/last-applied-configuration")) visit(value, key, undefined);
  });
}
