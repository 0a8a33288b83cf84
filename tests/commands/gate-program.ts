import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";

// A ConfigMap for each colour of the stack's configuration: a small program for tests of the gate, in the place of index.ts.
const provider = new k8s.Provider("cluster", {
  kubeconfig: process.env.KUBECONFIG ?? "",
  enableConfigMapMutable: true,
});
const colours = new Config("keelson").requireObject<Record<string, string>>("colours");
for (const [name, colour] of Object.entries(colours)) {
  if (colour === "plaid") throw new Error("plaid is no colour");
  new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data: { colour } }, { provider });
}
