import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { ApiServer } from "../forge/api-server.ts";

const jwt = (claims: object) =>
  ["{}", JSON.stringify(claims), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");

describe("npm run kubeconfig", function () {
  this.timeout(60_000);
  let folder: string;
  let server: ApiServer;
  const token = jwt({ exp: 1_795_000_000 });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-kubeconfig-"));
    server = await ApiServer.started(({ token: bearer }) =>
      bearer === "of-this-job" ? { status: 200, body: { value: token } } : { status: 401 },
    );
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const run = (words: string[], env: NodeJS.ProcessEnv = {}) =>
    execa("node", ["--import", "./commands/check-node.mjs", ...words], { env, reject: false, all: true });
  const write = (file: string) =>
    run(
      [
        "commands/kubeconfig.ts",
        "--server",
        "https://cluster.example.com:6443",
        "--context",
        "shop-prod",
        "--file",
        file,
      ],
      {
        CERTIFICATE_AUTHORITY: "-----BEGIN CERTIFICATE-----",
      },
    );

  it("writes a kubeconfig whose user asks for the job's token, and never over one that is there", async () => {
    const file = join(folder, "kube", "config");
    const { exitCode, all } = await write(file);
    assert.equal(exitCode, 0, all);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const kubeconfig = parse(await readFile(file, "utf8"));
    assert.equal(kubeconfig["current-context"], "shop-prod");
    const { cluster } = kubeconfig.clusters[0];
    assert.equal(
      Buffer.from(cluster["certificate-authority-data"], "base64").toString(),
      "-----BEGIN CERTIFICATE-----",
    );
    const { command, args } = kubeconfig.users[0].user.exec;
    const { stdout } = await execa(command, args, {
      env: { ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?api=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-this-job" },
    });
    assert.deepEqual(JSON.parse(stdout).status, { token, expirationTimestamp: "2026-11-18T11:06:40.000Z" });
    assert.equal(server.asked.at(-1)?.query.get("audience"), "kubernetes");
    const again = await write(file);
    assert.equal(again.exitCode, 1);
    assert.match(again.all, /is there already, and is left as it is/);
  });

  it("writes nothing that kubectl could not use", async () => {
    const words = (server: string) => ["--server", server];
    const wrong: [string[], RegExp, NodeJS.ProcessEnv?][] = [
      ...[
        "https://x y",
        "https://:::",
        "https://",
        "https:///x",
        "https://a:99999",
        "https://u:p@x",
        "https://x?y",
      ].map((server): [string[], RegExp] => [words(server), /^kubeconfig: --server must be an address such as/]),
      [["--server", "https://x", "--context", ""], /^kubeconfig: --context is empty/],
      [["--server", "https://x", "--audience", " "], /^kubeconfig: --audience is empty/],
      [
        words("https://x"),
        /^kubeconfig: CERTIFICATE_AUTHORITY must hold a certificate/,
        { CERTIFICATE_AUTHORITY: "x" },
      ],
    ];
    const home = join(folder, "home");
    await Promise.all(
      wrong.map(async ([more, message, env]) => {
        const { exitCode, all } = await run(["commands/kubeconfig.ts", ...more], {
          HOME: home,
          KUBECONFIG: "",
          ...env,
        });
        assert.equal(exitCode, 2, more.join(" "));
        assert.match(all, message);
      }),
    );
    await assert.rejects(stat(home));
    const right = ["commands/kubeconfig.ts", ...words("https://[::1]:6443/clusters/a")];
    assert.equal((await run(right, { HOME: home, KUBECONFIG: "" })).exitCode, 0);
    assert.ok((await stat(join(home, ".kube", "config"))).isFile());
  });

  it("tells GitLab's token, and says what is missing where there is none", async () => {
    const gitlab = await run(["commands/kube-token.ts"], { KUBE_ID_TOKEN: "not a JWT" });
    assert.deepEqual(JSON.parse(gitlab.stdout).status, { token: "not a JWT" });
    const none = await run(["commands/kube-token.ts"]);
    assert.equal(none.exitCode, 1);
    assert.match(none.all, /^kube-token: this job has no identity/);
    const refused = await run(["commands/kube-token.ts"], {
      ACTIONS_ID_TOKEN_REQUEST_URL: server.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-another",
    });
    assert.match(refused.all, /^kube-token: GitHub gave this job no token: status 401$/);
  });
});
