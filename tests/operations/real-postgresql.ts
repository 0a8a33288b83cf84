import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa, type Result } from "execa";
import { type Programs, postgresqlPrograms, readableByAll } from "./postgresql-programs.ts";

/** PostgreSQL refuses to run as root. */
const nobody = 65_534;
const account = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** How one script or statement went. */
export type Outcome = Pick<Result<{ reject: false }>, "exitCode" | "stdout" | "stderr">;

/** A PostgreSQL server with passwords on every connection, as the chart makes one, and a folder in the place of the claim. */
export class RealPostgresql {
  static readonly superuser = { user: "postgres", password: "super-pw" };
  readonly backups: string;
  readonly #folder: string;
  readonly #bin: string;
  readonly #port: number;
  #sessions = 0;

  private constructor(folder: string, bin: string, port: number) {
    this.#folder = folder;
    this.#bin = bin;
    this.#port = port;
    this.backups = join(folder, "backups");
  }

  /** A running server with database and owner `shop`, password `p0`, and `repl_user`; or why there is none. */
  static async started(): Promise<RealPostgresql | Extract<Programs, { missing: string }>> {
    const found = await postgresqlPrograms();
    if ("missing" in found) return found;
    const folder = await mkdtemp(join(tmpdir(), "keelson-postgresql-"));
    await chmod(folder, 0o755);
    const server = new RealPostgresql(folder, await readableByAll(found.bin, folder), await freePort());
    await server.#start();
    return server;
  }

  async #start(): Promise<void> {
    const data = join(this.#folder, "data");
    for (const made of [data, this.backups]) {
      await mkdir(made);
      if (account.uid) await chown(made, account.uid, account.gid);
    }
    const passwords = join(data, "..", "password");
    await writeFile(passwords, RealPostgresql.superuser.password);
    await chmod(passwords, 0o644);
    const init = [
      "-D",
      data,
      "-U",
      "postgres",
      "--auth=scram-sha-256",
      `--pwfile=${passwords}`,
      "--no-sync",
      "-E",
      "UTF8",
    ];
    await this.#program("initdb", init);
    const options = `-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p ${this.#port}`;
    await this.#program("pg_ctl", ["start", "-w", "-D", data, "-l", join(data, "server.log"), "-o", options]);
    await this.sql(
      [
        "CREATE ROLE shop LOGIN PASSWORD 'p0'",
        "CREATE DATABASE shop OWNER shop",
        "CREATE ROLE repl_user REPLICATION LOGIN PASSWORD 'r0'",
      ].join(";\n"),
    );
  }

  async stop(): Promise<void> {
    await this.#program("pg_ctl", ["stop", "-D", join(this.#folder, "data"), "-m", "immediate"]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs a script as its Job does: in bash, with the programs on PATH, all it knows from its environment. */
  script(text: string, env: Record<string, string> = {}): Promise<Outcome> {
    return execa("bash", ["-c", text], { ...this.#options(env), reject: false, stdin: "ignore" });
  }

  /** The environment of a login; the superuser's where nothing is said. */
  login(user: string, password: string, database = "shop"): Record<string, string> {
    return { PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
  }

  /** Runs statements that must succeed. @returns what they print, columns apart by `|`. */
  async sql(
    statements: string,
    env = this.login("postgres", RealPostgresql.superuser.password, "postgres"),
  ): Promise<string> {
    const { exitCode, stdout, stderr } = await this.attempt(statements, env);
    assert.equal(exitCode, 0, String(stderr));
    return String(stdout);
  }

  /** Runs statements that may fail. */
  attempt(statements: string, env: Record<string, string>): Promise<Outcome> {
    const options = { ...this.#options(env), reject: false, input: statements } as const;
    return execa("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1"], options);
  }

  /** A session that is open, and stays so until it is ended. */
  async session(env: Record<string, string>): Promise<{ ended: Promise<Outcome> }> {
    const name = `held-${this.#sessions++}`;
    const options = { ...this.#options({ ...env, PGAPPNAME: name }), reject: false } as const;
    const ended: Promise<Outcome> = execa("psql", ["-XqAt", "-c", "SELECT pg_sleep(600)"], options);
    while ((await this.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}'`)) !== "1");
    return { ended };
  }

  /** Names of the files in the folder of the backups, hidden ones included. */
  async files(): Promise<string[]> {
    return (await readdir(this.backups)).sort();
  }

  #program(name: string, args: string[]): Promise<unknown> {
    // A server that pg_ctl starts keeps the pipes of whoever started it.
    return execa(join(this.#bin, name), args, { ...this.#options({}), stdio: "ignore" });
  }

  #options(env: Record<string, string>) {
    const { user, password } = RealPostgresql.superuser;
    return {
      ...account,
      cwd: this.#folder,
      extendEnv: false,
      env: {
        PATH: `${this.#bin}${delimiter}/usr/bin${delimiter}/bin`,
        LC_ALL: "C.UTF-8",
        PGHOST: "127.0.0.1",
        PGPORT: String(this.#port),
        PGUSER: user,
        PGPASSWORD: password,
        PGDATABASE: "shop",
        BACKUP_FOLDER: this.backups,
        ...env,
      },
    };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
