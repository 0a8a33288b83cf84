const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimal = new Map(Object.entries({ n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }));

/** Kubernetes stores quantities to the nano. */
const decimalsKept = 9;
/** The largest quantity with a binary suffix; Kubernetes lowers what is above it. */
const largestBinary = 2n ** 63n - 1n;
/** Exponents are cut here, far beyond any resource, so that `1e999999999` costs nothing. */
const largestExponent = 1000;

/**
 * Reads a resource quantity as Kubernetes does, its oddities included: `1.G`, `.5`, spaces around; a fraction of a
 * nano rounds away from zero. A suffix without digits is zero, where Kubernetes takes some (`m`) and refuses others (`Pi`).
 * @param value a string, or a number as YAML and JSON allow
 * @returns the amount in nanos, so `1` is 1_000_000_000n and `1m` 1_000_000n; undefined if it is no quantity
 * @see https://github.com/kubernetes/apimachinery/blob/v0.36.1/pkg/api/resource/quantity.go ParseQuantity
 */
export function nanosOf(value: unknown): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  const [, sign, whole = "", fraction = "", suffix = ""] = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z].*)?$/.exec(text) ?? [];
  if (text === "" || sign === undefined) return undefined;
  const digits = BigInt(`0${whole}${fraction}`);
  const amount = binary.includes(suffix)
    ? binaryNanos(digits, fraction.length, suffix)
    : decimalNanos(digits, fraction.length, suffix);
  return amount !== undefined && sign === "-" ? -amount : amount;
}

function binaryNanos(digits: bigint, fractionDigits: number, suffix: string): bigint {
  const factor = 1024n ** BigInt(binary.indexOf(suffix) + 1);
  const nanos = shifted(digits * factor, decimalsKept - fractionDigits);
  const largest = shifted(largestBinary, decimalsKept);
  if (nanos > largest) return largest;
  return nanos;
}

function decimalNanos(digits: bigint, fractionDigits: number, suffix: string): bigint | undefined {
  const exponent = decimal.get(suffix) ?? exponentOf(suffix);
  return exponent === undefined ? undefined : shifted(digits, exponent - fractionDigits + decimalsKept);
}

/** The exponent of `e3`, `E+3`, `e-3`, which Kubernetes reads as a 64-bit integer. */
function exponentOf(suffix: string): number | undefined {
  const [, exponent] = /^[eE]([+-]?\d+)$/.exec(suffix) ?? [];
  if (exponent === undefined || BigInt.asIntN(64, BigInt(exponent)) !== BigInt(exponent)) return undefined;
  return Math.max(-largestExponent, Math.min(largestExponent, Number(exponent)));
}

/** `digits` times ten to the power of `places`, rounded away from zero. */
function shifted(digits: bigint, places: number): bigint {
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  return (digits + divisor - 1n) / divisor;
}
