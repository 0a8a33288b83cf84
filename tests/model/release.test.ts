import assert from "node:assert/strict";
import { newestImage, type Release, releaseTracks } from "../../components/model/release.ts";

const image = { repository: "ghcr.io/shop/cart", tag: "v1", digest: `sha256:${"0".repeat(64)}` };
const blueGreen = {
  smoke: { paths: ["/"], image: { repository: "docker.io/curlimages/curl", tag: "1" }, timeoutSeconds: 1 },
  retentionSeconds: 1,
};
const candidate: Release = { active: "blue", blue: {}, green: { tag: "v2", check: 1 } };

describe("releaseTracks", () => {
  it("has the colour with the traffic first, and the other one where it is named", () => {
    const colors = (release?: Release) => releaseTracks(image, release).map(({ color }) => color);
    assert.deepEqual(colors(), ["blue"]);
    assert.deepEqual(colors({ active: "green" }), ["green"]);
    assert.deepEqual(colors({ ...candidate, active: "green" }), ["green", "blue"]);
  });

  it("replaces tag and digest together, so that the service's digest decides no other version", () => {
    const [blue, green] = releaseTracks(image, candidate).map((track) => track.image);
    assert.deepEqual(blue, image);
    assert.deepEqual(green, { repository: image.repository, tag: "v2" });
  });
});

describe("newestImage", () => {
  it("is that of the version which comes up, then of the one which is left", () => {
    const tag = (release?: Release) => newestImage({ image, blueGreen }, release).tag;
    assert.equal(tag(), "v1");
    assert.equal(tag(candidate), "v2");
    assert.equal(tag({ ...candidate, active: "green" }), "v2");
    assert.equal(tag({ active: "green", green: { tag: "v2" } }), "v2");
    assert.equal(newestImage({ image }, candidate), image);
  });
});
