import assert from "node:assert/strict";
import { cidrSchema } from "../../components/model/cidr.ts";
import { problemsOf } from "../../components/model/problems.ts";

const told = (text: string) => problemsOf(cidrSchema, text).map(({ message, fix }) => `${message}; ${fix}`);

describe("an address range", () => {
  for (const text of [
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.2.3/32",
    "::/0",
    "2001:db8::/32",
    "fd00:1:2::/48",
    "2001:db8::1/128",
  ])
    it(`may be ${text}`, () => assert.deepEqual(told(text), []));

  const wrong: [string, string][] = [
    ["10.0.0.5/8", "10.0.0.0/8"],
    ["10.1.2.3/16", "10.1.0.0/16"],
    ["192.168.255.255/20", "192.168.240.0/20"],
    ["1.2.3.4/0", "0.0.0.0/0"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:db8:0:0::/32", "2001:db8::/32"],
    ["2001:db8:ffff::1/33", "2001:db8:8000::/33"],
    ["fd00::1/8", "fd00::/8"],
  ];
  for (const [text, right] of wrong)
    it(`is not ${text}`, () =>
      assert.deepEqual(told(text), [`does not fit; must have no bits beyond the prefix, and be written as ${right}`]));

  it("is not one of IPv4 addresses that IPv6 writes", () =>
    assert.match(told("::ffff:1.2.3.4/96").join(), /^does not fit; must be an IPv4 range/));

  for (const text of ["10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "x", "::/129"])
    it(`is not ${text}`, () => assert.equal(told(text).length, 1));
});
