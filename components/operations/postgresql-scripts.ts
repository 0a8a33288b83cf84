/**
 * The shell scripts that Jobs run beside a PostgreSQL server, in the server's own image (bash, coreutils and the client programs).
 * They take everything from the environment: `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE` as libpq does, so that no
 * password is on a command line. Tests run these very texts against a real server.
 */

/** Folder in which Jobs find the claim with the backups. */
export const backupFolder = "/backups";

/** Stops at the first thing that fails, in pipes too. */
const strict = "set -euo pipefail";

/**
 * Writes `<database>-<time>.dump` (custom format) into `BACKUP_FOLDER`: under another name first, read whole again, then renamed, so that a
 * file with its final name is a whole one. Then deletes dumps that are older than `KEEP_DAYS`, but never the newest `KEEP_COUNT`.
 * `BACKUP_TIME` (UTC, `20260101T000000Z`) is now where it is not given.
 */
export const backupScript = `${strict}
umask 077
cd "$BACKUP_FOLDER"
time=\${BACKUP_TIME:-$(date -u +%Y%m%dT%H%M%SZ)}
file="$PGDATABASE-$time.dump"
partial=".$file.partial"
trap 'rm -f "$partial"' EXIT
# What a killed run left behind.
find . -maxdepth 1 -name '.*.partial' -mmin +1440 -delete
echo "Dumping $PGDATABASE of $PGHOST"
pg_dump --format=custom --no-password --lock-wait-timeout=60s --file="$partial"
# The list of contents stands at the beginning; only reading all of it shows that the end is there.
pg_restore --file=/dev/null "$partial"
sync "$partial"
mv "$partial" "$file"
sync .
echo "Wrote $file ($(stat -c %s "$file") bytes)"
oldest=$(date -u -d "-$KEEP_DAYS days" +%Y%m%dT%H%M%SZ)
dumps=()
for dump in "$PGDATABASE"-????????T??????Z.dump; do dumps+=("$dump"); done
for ((i = 0; i < \${#dumps[@]} - KEEP_COUNT; i++)); do
  age=\${dumps[i]#"$PGDATABASE"-}
  if [[ "\${age%.dump}" < "$oldest" ]]; then
    rm -f "\${dumps[i]}"
    echo "Deleted \${dumps[i]}: older than $KEEP_DAYS days"
  fi
done
`;

/** Prints size and name of each dump, the newest last. */
export const listScript = `${strict}
cd "$BACKUP_FOLDER"
for dump in "$PGDATABASE"-????????T??????Z.dump; do
  if [[ -e "$dump" ]]; then printf '%12s  %s\\n' "$(stat -c %s "$dump")" "$dump"; fi
done
`;

/**
 * Restores the dump `FROM` (a file's name, or latest) of `PGDATABASE` as the superuser `PGUSER`. It fills a database of its own beside the one in use and
 * then lets the two change names in one transaction: until then the applications go on, a dump that cannot be restored changes
 * nothing, tables that are younger than the dump are gone afterwards, and what was there is kept as `<database>_before_<time>`.
 */
export const restoreScript = `${strict}
cd "$BACKUP_FOLDER"
database=$PGDATABASE
time=\${RESTORE_TIME:-$(date -u +%Y%m%dt%H%M%S)}
fresh="\${database:0:38}_restore_$time"
before="\${database:0:38}_before_$time"
file=$FROM
if [[ "$file" == latest ]]; then
  file=
  for dump in "$database"-????????T??????Z.dump; do file=$dump; done
fi
if [[ ! -f "$file" || "$file" == */* ]]; then
  echo "There is no backup \${file:-of $database}; there are:" >&2
  for dump in *.dump; do [[ -e "$dump" ]] && echo "  $dump" >&2; done
  exit 1
fi
sql() { psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$1"; }
drop_fresh() { echo "DROP DATABASE IF EXISTS \\"$fresh\\";" | sql postgres || true; }
owner=$(sql postgres <<SQL
SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '$database';
SQL
)
if [[ -z "$owner" ]]; then
  echo "The server has no database $database" >&2
  exit 1
fi
trap drop_fresh EXIT
echo "Restoring $file into $fresh"
sql postgres <<SQL
CREATE DATABASE "$fresh" OWNER "$owner" TEMPLATE template0;
SQL
pg_restore --no-password --exit-on-error --single-transaction --dbname="$fresh" "$file"
echo "ANALYZE;" | sql "$fresh"
# Whoever connects between the two statements makes the renaming fail, and it is tried again.
swap() {
  sql postgres <<SQL
BEGIN;
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '$database';
ALTER DATABASE "$database" RENAME TO "$before";
ALTER DATABASE "$fresh" RENAME TO "$database";
COMMIT;
SQL
}
for try in 1 2 3 4 5 6 7 8 9 10; do
  if swap > /dev/null; then
    echo "Restored $file: $database is what the dump says, and $before is what was there until now"
    exit 0
  fi
  echo "Somebody connected while the databases changed names; trying again" >&2
done
echo "Not restored: clients connect faster than the databases can change names; scale them down and try again. Nothing was changed" >&2
exit 1
`;

/** Waits, for five minutes at most, until the server takes connections. */
const awaitServer = `for ((i = 0; i < 150; i++)); do
  if pg_isready --quiet --timeout=2; then break; fi
  sleep 2
done`;

/** Feeds statements to psql; variables come from its own environment (`\\getenv`), which no process list shows. */
const psql = "psql --no-psqlrc --no-password --quiet --set=ON_ERROR_STOP=1";

/**
 * Makes the login role `LOGIN_ROLE` with `LOGIN_PASSWORD`, which works as `OWNER_ROLE` does and whose objects belong to that role, and sets
 * the password of `REPLICATION_ROLE`. Runs as the superuser, and again as often as it likes. Other login roles go on working.
 */
export const rotateScript = `${strict}
${awaitServer}
${psql} --dbname=postgres <<'SQL'
\\getenv login LOGIN_ROLE
\\getenv password LOGIN_PASSWORD
\\getenv owner OWNER_ROLE
\\getenv replication REPLICATION_ROLE
\\getenv replication_password REPLICATION_PASSWORD
BEGIN;
-- Neither log statements nor their errors: they hold the passwords.
SET LOCAL log_statement = 'none';
SET LOCAL log_min_error_statement = 'panic';
SET LOCAL log_min_duration_statement = -1;
SELECT format('CREATE ROLE %I', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \\gexec
ALTER ROLE :"login" LOGIN INHERIT PASSWORD :'password';
GRANT :"owner" TO :"login";
-- What the application makes belongs to the owner, whatever it logs in as.
ALTER ROLE :"login" SET role = :'owner';
SELECT format('ALTER ROLE %I PASSWORD %L', :'replication', :'replication_password')
  WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = :'replication') \\gexec
COMMIT;
SQL
echo "Role $LOGIN_ROLE can log in; those before it still can"
`;

/**
 * Takes away every login of the application but `LOGIN_ROLE`: the owner's password, and the roles that earlier rotations made, whose sessions
 * are ended. Runs as the superuser when every pod has the new login, and again as often as it likes.
 */
export const retireScript = `${strict}
${awaitServer}
old=$(${psql} --tuples-only --no-align --dbname=postgres <<'SQL'
\\getenv login LOGIN_ROLE
\\getenv owner OWNER_ROLE
SELECT rolname FROM pg_roles WHERE rolname <> :'login' AND rolname ~ ('^' || :'owner' || '_r[0-9]+$');
SQL
)
for role in $old; do
  export OLD_ROLE=$role
  ${psql} --dbname="$PGDATABASE" <<'SQL'
\\getenv old OLD_ROLE
\\getenv owner OWNER_ROLE
ALTER ROLE :"old" NOLOGIN;
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = :'old' \\g /dev/null
REASSIGN OWNED BY :"old" TO :"owner";
DROP OWNED BY :"old";
DROP ROLE :"old";
SQL
  echo "Role $role is gone"
done
${psql} --dbname=postgres <<'SQL'
\\getenv owner OWNER_ROLE
ALTER ROLE :"owner" PASSWORD NULL;
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
  WHERE usename = :'owner' AND pid <> pg_backend_pid() \\g /dev/null
SQL
echo "Role $LOGIN_ROLE is the only one that can log in for $OWNER_ROLE"
`;
