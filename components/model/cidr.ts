import { z } from "zod";

/** An address range as Kubernetes takes it: in its canonical form, with no bits beyond the prefix. */
export const cidrSchema = z
  .union([z.cidrv4(), z.cidrv6()], { error: 'must be an address range such as "10.0.0.0/16"' })
  .describe("An address range, such as 10.0.0.0/16.")
  .superRefine((text, context) => {
    const canonical = canonicalCidr(text);
    if (canonical === undefined)
      context.addIssue({ code: "custom", message: "must be an IPv4 range, not one that IPv6 writes: 10.0.0.0/8" });
    else if (canonical !== text)
      context.addIssue({
        code: "custom",
        message: `must have no bits beyond the prefix, and be written as ${canonical}`,
      });
  });

/** A range that is one, in its canonical form; undefined where it is one of IPv4 addresses in IPv6's clothes. */
function canonicalCidr(text: string): string | undefined {
  const [address = "", length = ""] = text.split("/");
  const wide = address.includes(":");
  const bits = wide ? 16 : 8;
  const parts = wide ? groups(address) : address.split(".").map(Number);
  if (wide && parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) return undefined;
  const masked = parts.map((part, index) => {
    const kept = Math.min(Math.max(Number(length) - index * bits, 0), bits);
    return part - (part % 2 ** (bits - kept));
  });
  return `${wide ? shortest(masked) : masked.join(".")}/${Number(length)}`;
}

/** The eight groups of an IPv6 address. */
function groups(address: string): number[] {
  const [head = "", tail] = short(address).split("::");
  const numbers = (text: string) => (text ? text.split(":").map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [numbers(head), numbers(tail ?? "")];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function shortest(parts: number[]): string {
  return short(parts.map((part) => part.toString(16)).join(":"));
}

/** An IPv6 address as RFC 5952 writes it, which the URL standard follows. */
function short(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
