import { hash, randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import bcrypt from "bcryptjs";
import { partsOf, type ResourceProvider } from "./provider-server.ts";
import { type Json, type JsonObject, type PropertyMap, plain, secret, unknown } from "./values.ts";

const type = "random:index/randomPassword:RandomPassword";
const inputs = ["length", "special", "keepers"];
const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** The special characters of the Terraform provider `random`, from its documentation of `override_special`. */
const specials = "!@#$%&*()-_=+[]{}<>:?";
/** The cost that the official plugin hashes with. */
const bcryptCost = 10;

/** The outputs, with the official plugin's note on the layout of a state, without which it would upgrade one that was made here. */
function outputs(given: PropertyMap, result: Json, bcryptHash: Json): PropertyMap {
  return {
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    number: true,
    numeric: true,
    special: true,
    upper: true,
    ...given,
    __meta: '{"schema_version":"3"}',
    id: "none",
    result: secret(result),
    bcryptHash: secret(bcryptHash),
  };
}

/** A new password. */
export function draw({ length, special }: JsonObject): string {
  const set = characters + (special === false ? "" : specials);
  return Array.from({ length: Number(length) }, () => set.charAt(randomInt(set.length))).join("");
}

/**
 * A fixed text made of the resource's name, for rendering without a stack. It is no secret to anyone. It begins with a digest, so
 * that passwords with long names that begin alike differ too.
 */
export function placeholder({ length }: JsonObject, name: string): string {
  const size = Number(length);
  return `${hash("sha256", name).slice(0, 8)}-${name}`.padEnd(size, "-placeholder").slice(0, size);
}

/** RandomPassword as the components use it, with the inputs, defaults and outputs of the official plugin. Everything else is refused. */
export const randomPassword: ResourceProvider = {
  version: "4.21.1",
  check(urn, news) {
    const asked = partsOf(urn).type;
    const foreign = asked === type ? Object.keys(news).filter((input) => !inputs.includes(input)) : [];
    if (asked !== type || foreign.length > 0) {
      throw new Error(
        `The stand-in for the random provider has no ${[asked, ...foreign].join(" with ")}. It has: ${type} with ` +
          `${inputs.join(", ")}. Install the official plugin (pulumi plugin install resource random) for the rest.`,
      );
    }
    return news;
  },
  diff(old, news) {
    const [before, after] = [plain(old), plain(news)];
    // Whatever changes means a new value.
    return { replaces: inputs.filter((input) => !isDeepStrictEqual(before[input], after[input])) };
  },
  async create(urn, given, { preview }) {
    const offline = process.env.KEELSON_OFFLINE !== undefined;
    if (preview && !offline) return { id: "", state: outputs(given, unknown, unknown) };
    const result = offline ? placeholder(plain(given), partsOf(urn).name) : draw(plain(given));
    const bcryptHash = offline ? "placeholder" : await bcrypt.hash(result, bcryptCost);
    return { id: preview ? "" : "none", state: outputs(given, result, bcryptHash) };
  },
  async read(_urn, _id, known) {
    return known;
  },
};
