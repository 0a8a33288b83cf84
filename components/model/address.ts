/** An IPv4 address as a number; undefined where a text is none. */
function ipv4(text: string): number | undefined {
  const parts = text.split(".").map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((all, part) => all * 256 + part, 0);
}

/** Whether a host is given by its IPv4 address. */
export function isAddress(host: string): boolean {
  return ipv4(host) !== undefined;
}

/** Whether an address is in a range such as 10.0.0.0/8. */
export function holds(cidr: string, address: string): boolean {
  const [base = "", length = ""] = cidr.split("/");
  const [first, one] = [ipv4(base), ipv4(address)];
  const size = 2 ** (32 - Number(length));
  return first !== undefined && one !== undefined && Math.floor(first / size) === Math.floor(one / size);
}
