import { isSecretValue, looksSecret } from "../policies/kubernetes/secrecy.ts";

/** What stands in place of a secret. */
export const mask = "[secret]";

/** The mark by which the engine tells that a value is secret; it writes `[secret]` beside it. */
const signature = "4dabf18193072939515e22adb298388d";

/** The shortest known secret that is looked for: less would tear other words apart. */
const shortest = 6;

/** Takes secrets out of what the engine says. */
export class Secrecy {
  readonly #known: readonly string[];
  /** Short texts that were looked at: names, labels and images stand in many objects. */
  readonly #seen = new Map<string, string>();

  /** @param known secrets by value: those of the stack's configuration, tokens of the environment */
  constructor(known: readonly string[] = []) {
    this.#known = [...new Set(known.filter((value) => value.trim().length >= shortest).flatMap(formsOf))].sort(
      (a, b) => b.length - a.length || (a < b ? -1 : 1),
    );
  }

  /** A resource's inputs without secrets: those that the engine marks, all that a Secret holds, and what looks like one. */
  inputs(type: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const isSecret = /^kubernetes:core\/v1:Secret(Patch|List)?$/.test(type);
    return this.#masked(isSecret ? hidden(inputs) : inputs, "") as Record<string, unknown>;
  }

  /** A text without what looks like a secret in it, and without known ones. */
  text(text: string): string {
    if (text.length > 200) return this.#clean(text);
    const clean = this.#seen.get(text) ?? this.#clean(text);
    this.#seen.set(text, clean);
    return clean;
  }

  #clean(text: string): string {
    let clean = text;
    for (const known of this.#known) clean = clean.replaceAll(known, mask);
    return clean
      .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask)
      .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)@/gi, (whole, before: string, password: string) =>
        /^(\$[({]?[\w.:-]+[)}]?|\[secret\])$/.test(password) ? whole : `${before}${mask}@`,
      )
      .replace(
        /^([ \t]*(?:export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*["']?)([^\s"'#,]+)/gm,
        (whole, ...parts) => {
          const [before, name, value] = parts as [string, string, string];
          return value !== mask && isSecretValue(name, value) ? `${before}${mask}` : whole;
        },
      )
      .replace(/[^\s,;'"=:@()[\]{}<>]+/g, (word) => (looksSecret(word) ? mask : word));
  }

  #masked(value: unknown, name: string): unknown {
    if (typeof value === "string")
      return value !== mask && isSecretValue(name, value) && !value.includes("\n")
        ? this.#named(name, value)
        : this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#masked(item, name));
    if (typeof value !== "object" || value === null) return value;
    const map = value as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(map, signature)) return mask;
    const envName = typeof map.name === "string" ? map.name : undefined;
    return Object.fromEntries(
      Object.entries(map).map(([key, inner]) => [
        this.text(key),
        this.#masked(inner, key === "value" && envName !== undefined ? envName : key),
      ]),
    );
  }

  /** A value that is a secret by its name; an address keeps all but its password. */
  #named(_name: string, value: string): string {
    const clean = this.text(value);
    return clean !== value && clean.includes("://") ? clean : mask;
  }
}

/** A Secret without its values; what of it the program changes beside them stays. */
function hidden(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hide = (values: unknown): unknown => {
    if (typeof values !== "object" || values === null || Array.isArray(values)) return mask;
    if (Object.hasOwn(values, signature)) return mask;
    return Object.fromEntries(Object.keys(values).map((key) => [key, mask]));
  };
  const { data, stringData, items, ...rest } = inputs;
  const lastApplied = /last-applied-configuration$/;
  const metadata = rest.metadata as { annotations?: Record<string, unknown> } | undefined;
  return {
    ...rest,
    ...(metadata?.annotations
      ? {
          metadata: {
            ...metadata,
            annotations: Object.fromEntries(
              Object.entries(metadata.annotations).map(([key, value]) => [key, lastApplied.test(key) ? mask : value]),
            ),
          },
        }
      : {}),
    ...(data === undefined ? {} : { data: hide(data) }),
    ...(stringData === undefined ? {} : { stringData: hide(stringData) }),
    ...(Array.isArray(items)
      ? { items: items.map((item) => (typeof item === "object" && item !== null ? hidden(item) : mask)) }
      : {}),
  };
}

/** A secret as it may stand in a text: itself, in JSON, in an address, in base64 wherever it begins in a group of three bytes. */
function formsOf(secret: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = before + Buffer.byteLength(secret);
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString("base64");
    return text.slice(Math.ceil((before * 4) / 3), Math.floor((bytes * 4) / 3));
  });
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed(secret)), ...inBase64];
  return forms.filter((form) => form.length >= shortest);
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}
