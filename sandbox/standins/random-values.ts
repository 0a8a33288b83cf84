import { randomBytes, randomInt } from "node:crypto";
import bcrypt from "bcryptjs";
import { type Json, type JsonObject, mapValues, type PropertyMap, secret, unknown } from "./values.ts";

/** What was drawn: the resource's id and its outputs. */
export interface Drawn {
  id: string;
  outputs: PropertyMap;
}

const password = "random:index/randomPassword:RandomPassword";
const text = "random:index/randomString:RandomString";
const bytes = "random:index/randomBytes:RandomBytes";
const identifier = "random:index/randomId:RandomId";

/** The resource types of the random provider that the stand-in has. */
export const drawnTypes: readonly string[] = [password, text, bytes, identifier];

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
/** The special characters of the Terraform provider `random`, from its documentation of `override_special`. */
const specials = "!@#$%&*()-_=+[]{}<>:?";
/** The cost that the official plugin hashes with. */
const bcryptCost = 10;

/** The inputs that are missing or wrong, each as [name, reason]. */
export function inputErrors(type: string, inputs: JsonObject): [string, string][] {
  const name = type === identifier ? "byteLength" : "length";
  const value = inputs[name];
  if (value === undefined) return [[name, `Missing required property '${name}'`]];
  if (typeof value === "number" && value < 1) return [[name, `${name} must be at least 1, got ${value}`]];
  if (type === password || type === text) {
    const minimum = ["minLower", "minUpper", "minNumeric", "minSpecial"].reduce(
      (sum, key) => sum + count(inputs, key),
      0,
    );
    if (typeof value === "number" && minimum > value) {
      return [[name, `length (${value}) must be at least the sum of the minimums (${minimum})`]];
    }
  }
  return [];
}

/** Draws a new value. */
export function draw(type: string, inputs: JsonObject): Drawn {
  if (type === password || type === text) return drawnText(type, inputs, characters(inputs));
  return drawnBytes(type, inputs, randomBytes(count(inputs, type === identifier ? "byteLength" : "length")));
}

/** A fixed value made of the resource's name, for rendering without a stack. It is no secret to anyone. */
export function placeholder(type: string, inputs: JsonObject, name: string): Drawn {
  const length = count(inputs, type === identifier ? "byteLength" : "length");
  const filled = `${name}-placeholder-`.repeat(Math.ceil(length / (name.length + 13))).slice(0, length);
  return type === password || type === text
    ? drawnText(type, inputs, filled, "placeholder")
    : drawnBytes(type, inputs, Buffer.from(filled));
}

/** What is known before the value is drawn: inputs and defaults; the rest is unknown, and secret where it will be. */
export function preview(type: string, inputs: JsonObject): Drawn {
  const drawn =
    type === password || type === text ? drawnText(type, inputs, "", "") : drawnBytes(type, inputs, Buffer.alloc(0));
  const known = new Set([...Object.keys(inputs), ...Object.keys(textDefaults)]);
  const hidden = (value: Json) => (typeof value === "object" && value !== null ? secret(unknown) : unknown);
  return { id: "", outputs: mapValues(drawn.outputs, (value, key) => (known.has(key) ? value : hidden(value))) };
}

const textDefaults = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  special: true,
  upper: true,
};

/** The official plugin's note on the layout of a state, without which it would upgrade one that was made here. */
const layout: Record<string, string> = { [password]: '{"schema_version":"3"}', [text]: '{"schema_version":"2"}' };

function drawnText(type: string, inputs: JsonObject, result: string, hash?: string): Drawn {
  const outputs = { ...textDefaults, ...inputs, __meta: layout[type] ?? "" };
  if (type === text) return { id: result, outputs: { ...outputs, id: result, result } };
  const bcryptHash = hash ?? bcrypt.hashSync(result, bcryptCost);
  return { id: "none", outputs: { ...outputs, id: "none", result: secret(result), bcryptHash: secret(bcryptHash) } };
}

function drawnBytes(type: string, inputs: JsonObject, drawn: Buffer): Drawn {
  const base64 = drawn.toString("base64");
  const hex = drawn.toString("hex");
  if (type === bytes) {
    // As in the official plugin: the id, which no state encrypts, is the value itself.
    return { id: base64, outputs: { ...inputs, base64: secret(base64), hex: secret(hex) } };
  }
  const url = drawn.toString("base64url");
  const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
  const dec = BigInt(`0x${hex || "0"}`).toString();
  return {
    id: url,
    outputs: {
      ...inputs,
      id: url,
      b64Std: prefix + base64,
      b64Url: prefix + url,
      hex: prefix + hex,
      dec: prefix + dec,
    },
  };
}

function count(inputs: JsonObject, key: string): number {
  const value = inputs[key];
  return typeof value === "number" ? value : 0;
}

/** Every class that is asked for at least as often as asked, the rest from all of them, in random order. */
function characters(inputs: JsonObject): string {
  const special =
    typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== "" ? inputs.overrideSpecial : specials;
  const classes = [
    { on: "lower", minimum: "minLower", set: lower },
    { on: "upper", minimum: "minUpper", set: lower.toUpperCase() },
    { on: "numeric", minimum: "minNumeric", set: digits },
    { on: "special", minimum: "minSpecial", set: special },
  ];
  const used = classes.filter(({ on }) => inputs[on] !== false && !(on === "numeric" && inputs.number === false));
  const pick = (set: string) => set.charAt(randomInt(set.length));
  const drawn = classes.flatMap(({ minimum, set }) => Array.from({ length: count(inputs, minimum) }, () => pick(set)));
  const all = used.map(({ set }) => set).join("");
  if (all === "") throw new Error("At least one of lower, upper, numeric and special must be true.");
  while (drawn.length < count(inputs, "length")) drawn.push(pick(all));
  for (let index = drawn.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [drawn[index], drawn[other]] = [drawn[other] ?? "", drawn[index] ?? ""];
  }
  return drawn.join("");
}
