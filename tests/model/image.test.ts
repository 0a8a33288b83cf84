import assert from "node:assert/strict";
import { fromRegistry, imageSchema, registrySchema } from "../../components/model/image.ts";

const repository = (text: string) => imageSchema.safeParse({ repository: text, tag: "1" }).success;

describe("an image", () => {
  for (const text of [
    ...["ghcr.io/codelab/gateway", "docker.io/library/redis", "registry:5000/app", "localhost/app"],
    ...["your-registry/ai-assistant", "quay.io/a/b/c_d/e__f/g--h.i", "registry.example.com:65535/app"],
  ])
    it(`may be ${text}`, () => assert.ok(repository(text)));
  for (const text of [
    "redis",
    ".../app",
    "-a/b",
    "ghcr.io/",
    "ghcr.io//app",
    "ghcr.io/-app",
    "ghcr.io/a/..",
    "r:99999/a",
  ])
    it(`is not ${text}`, () => assert.ok(!repository(text)));

  it("keeps its path in another registry, all of it where it names none", () => {
    const moved = (text: string) => fromRegistry({ repository: text, tag: "1" }, "mirror.example.com/all").repository;
    assert.equal(moved("ghcr.io/codelab/gateway"), "mirror.example.com/all/codelab/gateway");
    assert.equal(moved("registry:5000/app"), "mirror.example.com/all/app");
    assert.equal(moved("localhost/app"), "mirror.example.com/all/app");
    assert.equal(moved("your-registry/ai-assistant"), "mirror.example.com/all/your-registry/ai-assistant");
  });
});

describe("a registry", () => {
  for (const text of [
    "registry.example.com",
    "registry.example.com/mirror",
    "registry:5000",
    "localhost/mirror",
    "localhost",
  ])
    it(`may be ${text}`, () => assert.ok(registrySchema.safeParse(text).success));
  for (const text of [
    "mirror",
    "mirror/all.x",
    "...",
    "r.example.com:99999",
    "r.example.com:0",
    "https://x",
    "r.example.com/",
  ])
    it(`is not ${text}`, () => assert.ok(!registrySchema.safeParse(text).success));
});
