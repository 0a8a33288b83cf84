import assert from "node:assert/strict";
import { job, problems, web } from "./wrong-system.ts";

describe("checkPlatform, of names that every object inherits", () => {
  it("finds nothing under one", () => {
    const name = "constructor";
    const found = problems((s) => {
      web(s).uses.push(name);
      web(s).env = { A: { service: name }, B: { data: name, key: "url" }, C: { secret: name, key: "token" } };
      web(s).env.D = { secret: "keys", key: name };
      web(s).volumes.disk = { mountPath: "/d", shared: name };
      s.jobs.move = job({ from: name });
      s.jobs.sort = job({ before: [name], after: [name] });
      s.ingresses.site?.routes.push({ path: "/x", pathType: "Prefix", service: name });
    });
    assert.deepEqual(
      found.map((line) => line.split(";", 1)[0]),
      [
        'services.web.uses[2]: there is no service or data store "constructor" to use',
        'services.web.env.A.service: there is no service "constructor"',
        'services.web.env.B.data: there is no data store "constructor"',
        'services.web.env.C.secret: there is no secret "constructor"',
        'services.web.env.D.key: secret "keys" has no key "constructor"',
        'jobs.move.from: there is no service "constructor"',
        'jobs.sort.before[0]: there is no service "constructor"',
        'jobs.sort.after[0]: there is no other job "constructor"',
        'services.web.volumes.disk.shared: there is no shared volume "constructor"',
        'ingresses.site.routes[1].service: there is no service "constructor"',
      ],
    );
  });
  it("lets one be the name of a service", () => {
    const found = problems((s) => {
      Object.assign(s.services, { constructor: { ...web(s), uses: [] } });
    });
    assert.deepEqual(found, []);
  });
});
