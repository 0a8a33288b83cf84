import assert from "node:assert/strict";
import fc from "fast-check";
import { tools } from "../../sandbox/tool-catalogue.ts";
import { findChecksum } from "../../sandbox/tool-download.ts";
import { fits } from "../../sandbox/tool-installed.ts";

function tool(name: string) {
  const found = tools.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

describe("whether an installed tool fits", () => {
  const cases: [string, string, boolean][] = [
    ["pulumi", "v3.259.0", true],
    ["pulumi", "v3.300.1", true],
    ["pulumi", "v3.258.0", false],
    ["pulumi", "v4.0.0", false],
    ["kubectl", "Client Version: v1.35.4\nKustomize Version: v5.7.1", true],
    ["kubectl", "Client Version: v1.37.0", true],
    ["kubectl", "Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0", false],
    ["kubectl", "Client Version: v1.36.1-dispatcher", false],
    ["kube-apiserver", "Kubernetes v1.36.2", true],
    ["kube-apiserver", "Kubernetes v1.37.0", false],
    ["etcd", "etcd Version: 3.6.7\nGit SHA: abc\nGo Version: go1.24.1", true],
    ["etcd", "etcd Version: 3.5.21", false],
    ["kwok", "kwok version v0.8.0 go1.26.1 (linux/amd64)", true],
    ["helm", "v4.3.2+g1a2b3c4", true],
    ["helm", "v3.19.0+g1a2b3c4", false],
    ["helm", "", false],
  ];
  for (const [name, printed, expected] of cases) {
    it(`${name}: "${printed.split("\n")[0]}" ${expected ? "fits" : "does not fit"}`, () => {
      assert.equal(fits(tool(name), printed), expected);
    });
  }

  it("is one minor version around the server for kubectl, of any patch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 42 }), fc.nat(30), (minor, patch) => {
        assert.equal(fits(tool("kubectl"), `Client Version: v1.${minor}.${patch}`), Math.abs(minor - 36) <= 1);
      }),
    );
  });
});

describe("the checksum of a file in a published list", () => {
  const sum = "a".repeat(64);
  it("is found beside the file's name, alone, and in a release as GitHub describes it", () => {
    assert.equal(findChecksum(`${"b".repeat(64)}  x.tar.gz\n${sum}  y.tar.gz\n`, "y.tar.gz"), sum);
    assert.equal(findChecksum(`${sum} *y.tar.gz`, "y.tar.gz"), sum);
    assert.equal(findChecksum(`${sum}\n`, "anything"), sum);
    assert.equal(findChecksum(JSON.stringify({ assets: [{ name: "y", digest: `sha256:${sum}` }] }), "y"), sum);
  });
  it("is missing where the list names other files only", () => {
    assert.equal(findChecksum(`${sum}  y.tar.gz.asc\n${sum}  z`, "y.tar.gz"), undefined);
    assert.equal(findChecksum(`${sum}  another`, "y"), undefined);
    assert.equal(findChecksum(JSON.stringify({ assets: [{ name: "y", digest: null }] }), "y"), undefined);
  });
});
