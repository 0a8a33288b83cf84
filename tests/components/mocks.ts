import * as pulumi from "@pulumi/pulumi";
import callbackProto from "@pulumi/pulumi/proto/callback_pb.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

/** A resource as a component registered it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, never>;
  /** Options that the engine is told of, as far as tests look at them. */
  options: { parent: string; protect: boolean; ignoreChanges: string[]; dependencies: string[] };
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  toObject(): {
    parent: string;
    protect?: boolean;
    ignorechangesList: string[];
    dependenciesList: string[];
    hooks?: { onErrorList: string[] };
  };
}

/**
 * Replaces the engine by a recorder. Each call begins a new, empty recording; `preview` decides whether what resources compute is
 * known. Resolves once everything that `program` registers has been seen; rejects a name
 * that two hooks have and a hook that is not registered, as the engine does.
 */
export async function record(preview: boolean, program: () => unknown): Promise<Registered[]> {
  const registered: Registered[] = [];
  const options = new Map<string, Registered["options"]>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const found = options.get(`${type} ${name}`);
        if (found) registered.push({ type, name, inputs: inputs as Record<string, never>, options: found });
        const computed = type.startsWith("random:") && !preview ? { result: `random-${name}` } : {};
        return { id: `${name}-id`, state: { ...(inputs as object), ...computed } };
      },
      call: () => ({}),
    },
    "keelson",
    "test",
    preview,
  );
  const hooks: string[] = [];
  const unknown: string[] = [];
  acceptCallbacks(hooks);
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterRequest, ...rest: unknown[]): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    const { parent, protect, ignorechangesList, dependenciesList, hooks: bound } = request.toObject();
    unknown.push(...(bound?.onErrorList ?? []).filter((hook) => !hooks.includes(hook)));
    options.set(`${request.getType()} ${request.getName()}`, {
      parent,
      protect: protect === true,
      ignoreChanges: ignorechangesList,
      dependencies: dependenciesList,
    });
    return register(request, ...rest);
  };
  await program();
  await pulumi.runtime.disconnect();
  const twice = hooks.find((hook, index) => hooks.indexOf(hook) !== index);
  if (twice !== undefined) throw new Error(`resource hook already registered for name "${twice}"`);
  if (unknown.length) throw new Error(`hooks that were not registered: ${unknown.join(", ")}`);
  return registered;
}

/** Runs a suite as a preview and as an update. */
export function asPreviewAndUpdate(suite: (preview: boolean) => void): void {
  for (const preview of [true, false]) context(preview ? "as preview" : "as update", () => suite(preview));
}

/** The one resource of a kind, by the last part of its type. */
export function only(resources: Registered[], kind: string): Registered {
  const found = resources.filter(({ type }) => type.split(":").at(-1) === kind);
  if (found.length !== 1 || !found[0])
    throw new Error(`expected one ${kind}, found ${found.length} in ${resources.map(({ type }) => type).join(", ")}`);
  return found[0];
}

/**
 * Lets resources carry transforms and hooks, which Pulumi's mocks refuse although the engine takes them (pulumi/pulumi#17090).
 * They are not run: a transform is tested as the pure function it is. Names of hooks go into `hooks`.
 */
function acceptCallbacks(hooks: string[]): void {
  const { getStore } = state as unknown as { getStore(): { supportsTransforms: boolean; callbacks: object } };
  const store = getStore();
  store.supportsTransforms = true;
  store.callbacks = {
    awaitStackRegistrations: async () => {},
    registerTransform: async () => new callbackProto.Callback(),
    registerErrorHook: async ({ name }: pulumi.ErrorHook) => {
      hooks.push(name);
    },
    shutdown: () => {},
  };
}
