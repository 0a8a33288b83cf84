import assert from "node:assert/strict";
import { readFile, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  backupScript,
  listScript,
  restoreScript,
  retireScript,
  rotateScript,
} from "../../components/operations/postgresql-scripts.ts";
import { skip } from "../skip.ts";
import { type Outcome, RealPostgresql } from "./real-postgresql.ts";

describe("the scripts of a PostgreSQL store, on a real server", function () {
  this.timeout(180_000);
  let server: RealPostgresql;
  const owner = () => server.login("shop", "p0");
  const superuser = () => server.login("postgres", RealPostgresql.superuser.password);

  before(async function () {
    const started = await RealPostgresql.started();
    if ("missing" in started) return skip(this, started.missing);
    server = started;
  });
  after(() => server?.stop());

  describe("back up and restore", () => {
    const keep = { KEEP_DAYS: "14", KEEP_COUNT: "2" };
    const backup = (env = {}) => server.script(backupScript, { ...owner(), ...keep, ...env });
    const restore = (from: string, env = {}) => server.script(restoreScript, { ...superuser(), FROM: from, ...env });
    const orders = () => server.sql("SELECT string_agg(what, ',' ORDER BY id) FROM orders", owner());

    before(async () => {
      await server.sql(
        `CREATE TABLE orders (id int PRIMARY KEY, what text NOT NULL);
         CREATE INDEX by_what ON orders (what);
         INSERT INTO orders VALUES (1, 'tea'), (2, 'größer');`,
        owner(),
      );
    });

    it("writes a whole dump under its final name only", async () => {
      succeeded(await backup({ BACKUP_TIME: "20260101T000000Z" }));
      assert.deepEqual(await server.files(), ["shop-20260101T000000Z.dump"]);
      assert.match(String((await server.script(listScript)).stdout), /^ +\d+ {2}shop-20260101T000000Z\.dump$/);
    });

    it("leaves nothing behind and ends with an error where the dump fails", async () => {
      const { exitCode, stderr } = await backup({ PGPASSWORD: "wrong" });
      assert.notEqual(exitCode, 0);
      assert.match(String(stderr), /password authentication failed/);
      assert.deepEqual(await server.files(), ["shop-20260101T000000Z.dump"]);
    });

    it("refuses to call a dump whole that was cut", async () => {
      const cut = backupScript.replace("# The list", 'truncate --size=-200 "$partial"\n# The list');
      assert.notEqual((await server.script(cut, { ...owner(), ...keep })).exitCode, 0);
      assert.deepEqual(await server.files(), ["shop-20260101T000000Z.dump"]);
    });

    it("deletes what is too old, but never the newest ones, nor what it did not write", async () => {
      for (const name of [
        "shop-20200101T000000Z.dump",
        "shop-20200102T000000Z.dump",
        "notes.txt",
        ".shop-x.dump.partial",
      ])
        await writeFile(join(server.backups, name), "");
      await utimes(join(server.backups, ".shop-x.dump.partial"), 0, 0);
      succeeded(await backup({ BACKUP_TIME: "20260102T000000Z", KEEP_DAYS: "100000" }));
      assert.equal((await server.files()).length, 5, "all are young enough");
      succeeded(await backup({ BACKUP_TIME: "20260103T000000Z", KEEP_COUNT: "2" }));
      assert.deepEqual(await server.files(), ["notes.txt", "shop-20260102T000000Z.dump", "shop-20260103T000000Z.dump"]);
    });

    it("restores exactly what was dumped, and keeps what was there until then", async () => {
      await server.sql(
        `DELETE FROM orders; INSERT INTO orders VALUES (3, 'lost');
         CREATE TABLE later (id int REFERENCES orders (id)); INSERT INTO later VALUES (3);`,
        owner(),
      );
      const held = await server.session(owner());
      succeeded(await restore("latest", { RESTORE_TIME: "20260104t000000" }));
      assert.notEqual(
        (await held.ended).exitCode,
        0,
        "open sessions are ended, so that nobody goes on in the old database",
      );
      assert.equal(await orders(), "tea,größer");
      assert.equal(await server.sql("SELECT to_regclass('later') IS NULL", owner()), "t");
      assert.equal(await server.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'orders'", owner()), "shop");
      const before = server.login("shop", "p0", "shop_before_20260104t000000");
      assert.equal(await server.sql("SELECT what FROM orders", before), "lost");
    });

    it("changes nothing where the dump cannot be restored", async () => {
      const damaged = "shop-20260105T000000Z.dump";
      await writeFile(
        join(server.backups, damaged),
        await readFile(join(server.backups, "shop-20260103T000000Z.dump")),
      );
      await truncate(join(server.backups, damaged), (await stat(join(server.backups, damaged))).size - 60);
      assert.notEqual((await restore(damaged)).exitCode, 0);
      assert.equal(await orders(), "tea,größer");
      assert.equal(await server.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'shop_restore%'"), "0");
    });

    it("names the backups there are where the wanted one is not", async () => {
      for (const wrong of ["shop-19990101T000000Z.dump", "../data/PG_VERSION"]) {
        const { exitCode, stderr } = await restore(wrong);
        assert.equal(exitCode, 1);
        assert.match(String(stderr), /There is no backup .*; there are:\n(.*\n)* {2}shop-20260103T000000Z\.dump/);
      }
    });
  });

  describe("rotate passwords", () => {
    const login = (number: number) => ({ LOGIN_ROLE: `shop_r${number}`, LOGIN_PASSWORD: `p${number}'"\\` });
    const roles = { OWNER_ROLE: "shop", REPLICATION_ROLE: "repl_user" };
    const rotate = (number: number, env = {}) =>
      server.script(rotateScript, {
        ...superuser(),
        ...roles,
        ...login(number),
        REPLICATION_PASSWORD: `r${number}`,
        ...env,
      });
    const retire = (number: number) => server.script(retireScript, { ...superuser(), ...roles, ...login(number) });
    const canLogIn = async (user: string, password: string) =>
      (await server.attempt("SELECT 1", server.login(user, password))).exitCode === 0;
    const as = (number: number) => server.login(`shop_r${number}`, login(number).LOGIN_PASSWORD);

    it("lets old and new log in until the old one is retired", async () => {
      succeeded(await rotate(1));
      assert.ok(await canLogIn("shop", "p0"));
      assert.ok(await canLogIn("shop_r1", login(1).LOGIN_PASSWORD));
      assert.ok(!(await canLogIn("shop_r1", "p0")));
      succeeded(await retire(1));
      assert.ok(!(await canLogIn("shop", "p0")));
      assert.ok(await canLogIn("shop_r1", login(1).LOGIN_PASSWORD));
    });

    it("lets the new login do everything that the old one could, for the same owner", async () => {
      await server.sql(
        "CREATE TABLE IF NOT EXISTS orders (id int, what text); ALTER TABLE orders ADD COLUMN more int",
        as(1),
      );
      await server.sql("CREATE TABLE mine (id int)", as(1));
      assert.equal(await server.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'mine'", as(1)), "shop");
    });

    it("may be run again at any point, and leave out numbers", async () => {
      succeeded(await rotate(1));
      succeeded(await rotate(7));
      succeeded(await rotate(7));
      assert.ok(
        (await canLogIn("shop_r1", login(1).LOGIN_PASSWORD)) && (await canLogIn("shop_r7", login(7).LOGIN_PASSWORD)),
      );
      const old = await server.session(as(1));
      await server.sql("SET SESSION AUTHORIZATION shop_r1; RESET role; CREATE TABLE left_behind (id int)", superuser());
      succeeded(await retire(7));
      succeeded(await retire(7));
      assert.notEqual((await old.ended).exitCode, 0, "sessions of retired logins are ended");
      assert.equal(
        await server.sql("SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname LIKE 'shop%r%'"),
        "shop_r7",
      );
      assert.equal(await server.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'left_behind'", as(7)), "shop");
    });

    it("changes nothing where a statement fails", async () => {
      assert.notEqual((await rotate(8, { OWNER_ROLE: "nobody_here" })).exitCode, 0);
      assert.equal(await server.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'shop_r8'"), "0");
    });

    it("shows no password in what it prints", async () => {
      const { stdout, stderr } = await rotate(9, { OWNER_ROLE: "nobody_here" });
      assert.doesNotMatch(`${stdout}${stderr}`, /p9|r9[^"]*r9|super-pw/);
    });
  });
});

function succeeded({ exitCode, stdout, stderr }: Outcome): void {
  assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
}
