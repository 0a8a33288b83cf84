import assert from "node:assert/strict";
import { describe as describePlatform } from "../../components/outputs.ts";
import { modelOf } from "../doctor/facts.ts";

describe("what a stack tells people at its end", () => {
  const commands = (...given: Parameters<typeof modelOf>) => describePlatform(modelOf(...given)).commands;

  it("is what to type, with names and namespaces", () => {
    const { logs, reach, shell, grafana, ingress, backup, restore } = commands("codelab", "prod");
    assert.match(logs ?? "", /--namespace codelab --selector app\.kubernetes\.io\/instance=codelab/);
    assert.equal(reach, "kubectl port-forward --namespace codelab service/gateway 8080:8000");
    assert.equal(shell, "kubectl exec --namespace codelab --stdin --tty service/gateway -- sh");
    assert.equal(grafana, "kubectl port-forward --namespace monitoring service/prometheus-grafana 3000:80"); // 001-MON-3
    assert.match(ingress ?? "", /--namespace ingress-nginx deployment\/ingress-nginx-controller/); // 001-TRB-3
    assert.match(backup ?? "", /--namespace codelab --from cronjob\/postgres-backup/);
    assert.match(restore ?? "", /^npm run restore .*--store postgres --from latest$/);
  });

  it("goes by the Service, so that it fits every colour of a release", () => {
    assert.match(commands("ai-assistant-production", "prod").shell ?? "", / service\/ai-assistant-service /);
  });

  it("names the add-ons of the stack that owns them, and of no other", () => {
    const { grafana, ingress } = commands("codelab", "prod", { "keelson:addons": "present" });
    assert.deepEqual([grafana, ingress], [undefined, undefined]);
    assert.ok(commands("cluster", "prod").grafana);
  });
});
