import type { Truth } from "./truth.ts";

/**
 * What the engine sends in a preview in place of a boolean, number, string, list, asset, archive or map that nobody
 * knows yet. Part of Pulumi's wire format (sdk/go/common/resource/plugin/rpc.go); a test holds them to the SDK's.
 */
export const unknownValues: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Thrown where a value is read that is not known yet; whoever judges a container or an object turns it into "cannot tell". */
export class NotKnown extends Error {
  readonly unknownAt: string;

  constructor(unknownAt: string) {
    super(`${unknownAt} is not known yet`);
    this.unknownAt = unknownAt;
  }
}

/**
 * One place in an object, whether or not anything stands there. Every access answers for itself, so a value that is
 * not known yet hides nothing but what lies below it: fields below an unknown one are unknown, all others are judged.
 */
export class Field {
  /** Where the field is, from the root of its object: `spec.containers[0].name`. */
  readonly path: string;
  readonly #value: unknown;
  readonly #unknownAt: string | undefined;
  /** What was asked for below: rules about pairs of objects ask for the same field once for each pair. */
  #children: Map<string, Field> | undefined;
  #texts: Readonly<Record<string, string>> | undefined;

  private constructor(path: string, value: unknown, unknownAt?: string) {
    this.path = path;
    this.#unknownAt = unknownAt ?? (unknownValues.has(value) ? path : undefined);
    this.#value = this.#unknownAt === undefined ? value : undefined;
  }

  /** The root of an object as YAML, JSON or the engine gives it; unknown values in it are {@link unknownValues}. */
  static root(value: unknown): Field {
    return new Field("", value);
  }

  /** The field that the given keys lead to. `null` and a key that is not there are both absent, as in Kubernetes. */
  at(...keys: readonly string[]): Field {
    let field: Field = this;
    for (const key of keys) field = field.#child(key);
    return field;
  }

  /** The elements of a list; one element of which nothing is known if the list is not; none if it is no list. */
  items(): Field[] {
    if (this.#unknownAt !== undefined) return [new Field(`${this.path}[*]`, undefined, this.#unknownAt)];
    if (!Array.isArray(this.#value)) return [];
    return this.#value.map((item, index) => new Field(`${this.path}[${index}]`, item));
  }

  /** Whether the field is there and its value passes the test. Absent is "no"; not known yet stays so. */
  is(test: (value: unknown) => boolean): Truth {
    if (this.#unknownAt !== undefined) return { unknownAt: this.#unknownAt };
    return this.#value !== undefined && this.#value !== null && test(this.#value);
  }

  /** Whether anything stands here; an empty map, list or string does. */
  get present(): Truth {
    return this.is(() => true);
  }

  /** The value if it is a string that is known. */
  get text(): string | undefined {
    return typeof this.#value === "string" ? this.#value : undefined;
  }

  /**
   * What stands here; undefined where nothing does. Values below may be unknown: {@link whole} looks.
   * @throws NotKnown
   */
  get value(): unknown {
    if (this.#unknownAt !== undefined) throw new NotKnown(this.#unknownAt);
    return this.#value ?? undefined;
  }

  /**
   * Whether anything stands here.
   * @throws NotKnown
   */
  get set(): boolean {
    return this.value !== undefined;
  }

  /**
   * What stands here, if it is a string.
   * @throws NotKnown
   */
  get string(): string | undefined {
    const value = this.value;
    return typeof value === "string" ? value : undefined;
  }

  /**
   * What stands here, if it is a number.
   * @throws NotKnown
   */
  get number(): number | undefined {
    const value = this.value;
    return typeof value === "number" ? value : undefined;
  }

  /**
   * The elements of a list; none if it is no list.
   * @throws NotKnown if the list itself is not known; its elements may be
   */
  get list(): Field[] {
    void this.value;
    return this.items();
  }

  /**
   * The strings of a list, all else in it left out.
   * @throws NotKnown
   */
  get strings(): string[] {
    return this.list.flatMap((item) => item.string ?? []);
  }

  /**
   * The keys of a map and what stands at each; none if it is no map.
   * @throws NotKnown if the map itself is not known; its values may be
   */
  get entries(): [key: string, field: Field][] {
    const value = this.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.keys(value).map((key) => [key, this.at(key)]);
  }

  /**
   * The strings of a map such as labels, all else in it left out.
   * @throws NotKnown if the map or one of its values is not known
   */
  get texts(): Readonly<Record<string, string>> {
    this.#texts ??= Object.fromEntries(
      this.entries
        .map(([key, field]) => [key, field.value] as const)
        .filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    );
    return this.#texts;
  }

  /**
   * What stands here with all that lies below it.
   * @throws NotKnown if anything of it is not known
   */
  get whole(): unknown {
    for (const item of this.list) void item.whole;
    for (const [, field] of this.entries) void field.whole;
    return this.value;
  }

  #child(key: string): Field {
    this.#children ??= new Map();
    const known = this.#children.get(key);
    if (known) return known;
    const child = this.#read(key);
    this.#children.set(key, child);
    return child;
  }

  #read(key: string): Field {
    const path = /^[\w-]+$/.test(key)
      ? `${this.path}${this.path && "."}${key}`
      : `${this.path}[${JSON.stringify(key)}]`;
    if (this.#unknownAt !== undefined) return new Field(path, undefined, this.#unknownAt);
    const parent = this.#value;
    const isMap = typeof parent === "object" && parent !== null && !Array.isArray(parent) && Object.hasOwn(parent, key);
    return new Field(path, isMap ? (parent as Record<string, unknown>)[key] : undefined);
  }
}
