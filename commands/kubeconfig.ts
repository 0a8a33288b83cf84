import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { Arguments } from "./arguments.ts";
import { runCommand } from "./run-command.ts";

const help = `npm run kubeconfig -- --server URL [--context NAME] [--audience AUDIENCE] [--file FILE]

Writes a kubeconfig for a job of CI whose user is the job itself, by the token that GitHub or GitLab gives to it: no
credential of the cluster is kept anywhere. The API server must trust these tokens (docs/pull-requests.md).

  --server     address of the API server
  --context    name of the context, as keelson:cluster.context of the stack says it; default keelson
  --audience   what the API server asks for; default kubernetes
  --file       where to write it; default the first of KUBECONFIG, else ~/.kube/config. A file that is there stays
  --help       this text

CERTIFICATE_AUTHORITY holds the certificate of the server's authority (PEM); without it, one that the machine trusts.`;

const args = new Arguments("kubeconfig", help, {
  server: { type: "string" },
  context: { type: "string" },
  audience: { type: "string" },
  file: { type: "string" },
});
const server = args.required("server");
if (!server.startsWith("https://")) args.fail(`--server must begin with https://, not "${server}"`);
// What URL takes and kubectl does not, in the expression: a blank, no host, credentials, a query.
if (!/^https:\/\/[^\s/\\?#@]+(\/[^\s\\?#@]*)?$/.test(server) || !URL.canParse(server))
  args.fail(`--server must be an address such as https://cluster.example.com:6443, not "${server}"`);
const context = args.text("context") ?? "keelson";
const audience = args.text("audience") ?? "kubernetes";
for (const [name, value] of Object.entries({ context, audience }))
  if (value.trim() === "") args.fail(`--${name} is empty`);
const first = process.env.KUBECONFIG?.split(delimiter).find(Boolean);
const file = args.text("file") ?? first ?? join(homedir(), ".kube", "config");
const authority = process.env.CERTIFICATE_AUTHORITY;
if (authority && !authority.includes("-----BEGIN CERTIFICATE-----"))
  args.fail("CERTIFICATE_AUTHORITY must hold a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");

await runCommand(async () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    // Asked whenever a token has expired: those of GitHub live for minutes, an update may take longer.
    command: process.execPath,
    args: [fileURLToPath(new URL("kube-token.ts", import.meta.url)), audience],
    interactiveMode: "Never",
  };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    clusters: [
      {
        name: context,
        cluster: {
          server,
          ...(authority ? { "certificate-authority-data": Buffer.from(authority).toString("base64") } : {}),
        },
      },
    ],
    users: [{ name: context, user: { exec } }],
  };
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, stringify(kubeconfig), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    console.error(`kubeconfig: ${file} is there already, and is left as it is: name another with --file`);
    return 1;
  }
  console.log(`Wrote ${file}: context ${context} at ${server}`);
  return 0;
});
