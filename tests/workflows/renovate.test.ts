import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { type ChartEntry, catalogue } from "../../components/charts/catalogue.ts";
import { certManagerSchema } from "../../components/model/addons.ts";
import { versions } from "../../sandbox/tool-catalogue.ts";

interface Manager {
  description: string;
  managerFilePatterns: string[];
  matchStrings: string[];
}

const { customManagers } = JSON.parse(readFileSync("renovate.json", "utf8")) as { customManagers: Manager[] };
const files = globSync(["components/**/*.ts", "systems/*.ts", ".github/actions/*/action.yml"], {
  exclude: ["**/dist/**", "**/node_modules/**"],
});
/** What each manager finds, as Renovate would. */
const found = customManagers.flatMap(({ managerFilePatterns, matchStrings }) =>
  files
    .filter((file) => managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)))
    .flatMap((file) => {
      const text = readFileSync(file, "utf8");
      return matchStrings.flatMap((match) =>
        [...text.matchAll(new RegExp(match, "g"))].map(({ groups = {} }) => groups),
      );
    }),
);
const has = (wanted: Record<string, string | undefined>) =>
  found.some((groups) => Object.entries(wanted).every(([key, value]) => groups[key] === value));

describe("Renovate", () => {
  it("finds every chart and every image of the catalogue, with its digest", () => {
    const charts: Record<string, ChartEntry> = catalogue;
    for (const { name, version, repository, images } of Object.values(charts)) {
      const registry = repository.startsWith("oci://")
        ? { registry: repository.slice("oci://".length) }
        : { registryUrl: repository };
      assert.ok(has({ depName: name, currentValue: version, ...registry }), name);
      for (const image of Object.values(images))
        assert.ok(
          has({ depName: image.repository, currentValue: image.tag, currentDigest: image.digest }),
          image.repository,
        );
    }
  });

  it("finds the images of the systems, cert-manager's version and the engine's", () => {
    assert.ok(has({ depName: "ghcr.io/berriai/litellm", currentValue: "v1.80.11-stable.1" }));
    assert.ok(has({ currentValue: certManagerSchema.parse({}).version }));
    assert.ok(has({ currentValue: versions.pulumi }));
  });
});
