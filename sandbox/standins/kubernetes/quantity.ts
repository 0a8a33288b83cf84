/** Powers of ten per decimal suffix, in thousandths of thousandths of thousandths: `n` is 1. */
const decimal: Record<string, bigint> = { n: 0n, u: 3n, m: 6n, "": 9n, k: 12n, M: 15n, G: 18n, T: 21n, P: 24n, E: 27n };
/** Powers of two per binary suffix. */
const binary: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const nano = 10n ** 9n;

/**
 * A quantity as the API server writes it back: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. What is no quantity
 * stays as it is, for the API server to refuse.
 */
export function canonicalQuantity(written: string | number): string {
  const text = String(written);
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent = ""] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole + fraction === "" || fraction.length > 9) return text;
  const digits = BigInt(whole + fraction);
  const scaled = (power: bigint) => (power >= 0n ? digits * 10n ** power : digits / 10n ** -power);
  const shift = binary[suffix];
  const nanos =
    shift !== undefined
      ? (digits * nano * 2n ** shift) / 10n ** BigInt(fraction.length)
      : scaled((exponent === "" ? (decimal[suffix] ?? 9n) : 9n + BigInt(exponent)) - BigInt(fraction.length));
  const minus = sign === "-" && nanos !== 0n ? "-" : "";
  if (nanos === 0n) return "0";
  if (shift !== undefined && nanos % nano === 0n) return minus + largest(nanos / nano, Object.entries(binary), 2n);
  if (exponent !== "") return minus + exponential(nanos);
  return minus + largest(nanos, Object.entries(decimal), 10n);
}

/** The number with the largest suffix that leaves it whole. */
function largest(value: bigint, suffixes: [string, bigint][], base: bigint): string {
  const [suffix, power] = suffixes.findLast(([, exponent]) => value % base ** exponent === 0n) ?? ["", 0n];
  return `${value / base ** power}${suffix}`;
}

/** The number as the API server writes what was given with an exponent: in steps of thousand. */
function exponential(nanos: bigint): string {
  const [, power] = Object.entries(decimal).findLast(([, exponent]) => nanos % 10n ** exponent === 0n) ?? ["", 0n];
  const exponent = power - 9n;
  return `${nanos / 10n ** power}${exponent === 0n ? "" : `e${exponent}`}`;
}
