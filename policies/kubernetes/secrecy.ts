/** Words that a name ends with where its value is a secret. */
const secretWords = [
  "pwd",
  "pass",
  "token",
  "credential",
  "credentials",
  "bearer",
  "jwt",
  "privatekey",
  "secretkey",
  "accesskey",
  "apitoken",
  "authtoken",
  "accesstoken",
  "requirepass",
  "masterauth",
];
/** The same where they end a word as well: `dbpassword`. */
const secretEnding = /(password|passwd|passphrase|secret|apikey)$/;
const secretPairs = [
  "api key",
  "access key",
  "secret key",
  "private key",
  "auth key",
  "encryption key",
  "signing key",
  "master key",
  "client secret",
  "key base",
  "access key id",
  "connection string",
];

/** Words by which a name is about a secret wherever in it they stand. */
const tellingWords = ["password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "bearer"];

/** Words that a name ends with where it only says something about a secret: where it is, how long it lasts. */
const aboutSecrets = new Set(
  (
    "file files path paths dir directory folder mount volume name names namespace id ids ref refs key keys label labels " +
    "ttl age lifetime duration period interval timeout expiry expiration expires expire seconds minutes hours days date " +
    "length len size min max count limit limits number threshold attempts retries rate " +
    "enabled enable disabled disable required optional allowed auto mode policy strategy type kind format encoding " +
    "algorithm alg hash salt rounds cost version class provider providers manager store backend engine source driver " +
    "url uri endpoint host hostname address addr server port domain realm issuer iss audience aud scope scopes " +
    "header headers field param parameter prefix suffix cookie command cmd template regex pattern rotation refresh " +
    "reset review request requests reload sync cache validation validity check audit log usage user username owner"
  ).split(" "),
);

/** Values that say something about a secret rather than being one. */
const harmless = /^(|true|false|yes|no|on|off|none|null|disabled|enabled|required|optional|changed|unset)$/i;

/** Values that only say where the secret is. */
const elsewhere = /^(os\.environ\/|env[:/]|vault:|secret:|ref\+|op:\/\/|arn:|!\w+ )/i;

/** Forms that are secrets wherever they stand. */
const knownForms = [
  /-BEGIN [A-Z ]*PRIVATE KEY-/,
  /\bbearer\s+(?=\S*\d)[\w.~+/=-]{8,}/i,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}/,
  /\bsk_live_[A-Za-z0-9]{16,}/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
];

/** The password in the address of something, `postgres://user:password@host`, or in a connection string, `Server=db;Password=x`. */
const inAddress = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi,
  /(?:[;?&]|^)\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*["']?([^;&\s"'`]+)/gi,
];

/** What is public by its nature however random it is: certificates, public keys, digests. */
const open = [
  /-----BEGIN (?:X509 |TRUSTED )?(?:CERTIFICATE|PUBLIC KEY)[\s\S]*?(?:-----END|$)/g,
  /\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w+)\s+[\w+/=]+/g,
  /\bsha(?:256|384|512)[-:][\w+/=]+/g,
];

/** Names that end like one of a secret and say which Secret it is. */
const named = /(existing|pull|tls|\bca|cert|certificate|serving) ?secret$/;

/** Whether a name says that its value is a secret: `DB_PASSWORD`, `apiKey`; not `PASSWORD_FILE` or `TOKEN_TTL`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const end = (count: number) => words.slice(-count).join(" ");
  if (named.test(words.join(" "))) return false;
  return (
    secretWords.includes(end(1)) ||
    secretEnding.test(end(1)) ||
    secretPairs.includes(end(2)) ||
    secretPairs.includes(end(3)) ||
    /^(azure_\w+_key|oci_cli_key_content)$/i.test(name)
  );
}

/** Whether a name speaks of a secret anywhere, and not only of where or how it is: `SECRET_BLAH`, `TOKEN_1`. */
function speaksOfSecret(name: string): boolean {
  const words = wordsOf(name);
  return tellingWords.some((word) => words.includes(word)) && !aboutSecrets.has(words.at(-1) ?? "");
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
}

/** Whether a value is written out, not taken from elsewhere as `$(NAME)`, `${NAME}`, `$NAME`, `{{ … }}`, `<…>` are. */
export function isLiteral(value: string): boolean {
  const text = value.trim();
  return (
    !harmless.test(text) && !/^(\$[({]?[\w.:-]+[)}]?|\{\{.*\}\}|<.*>|%[\w]+%|\*+)$/s.test(text) && !elsewhere.test(text)
  );
}

/** Whether a value is a secret by its form, whatever its name. */
export function looksSecret(value: string): boolean {
  if (knownForms.some((form) => form.test(value))) return true;
  const passwords = inAddress.flatMap((form) => [...value.matchAll(form)]);
  if (passwords.some(([, password = ""]) => isLiteral(password))) return true;
  const hidden = open.reduce((text, form) => text.replaceAll(form, ""), value);
  return hidden.split(/[\s,;'"=]+/).some(isRandom);
}

/** Whether a value under the given name is a secret. */
export function isSecretValue(name: string, value: string): boolean {
  const isPath = /^(\/|\.{1,2}\/|file:)/.test(value);
  return looksSecret(value) || (isSecretName(name) && isLiteral(value) && !isPath);
}

/** The same where names are chosen for one value each, as of environment variables: a secret may stand anywhere in them. */
export function isSecretSetting(name: string, value: string): boolean {
  const isPlain = /^[-+]?[\d.]+[a-z%]*$|^[a-z][a-z0-9+.-]*:\/\/|^[./]/i.test(value.trim());
  return isSecretValue(name, value) || (speaksOfSecret(name) && isLiteral(value) && !isPlain);
}

/** Lines of a file that give a value to a name: `password: x`, `PASSWORD=x`. */
const assignment =
  /^[ \t]*(?:export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*["']?([^\s"'#,]+)["']?,?[ \t]*(?:#.*)?$/gm;

/** Pairs of JSON and XML, wherever on a line, and what Redis reads: `"password": "x"`, `<password>x</password>`, `requirepass x`. */
const pairs = [
  /"([\w.-]+)"\s*:\s*"([^"\\]+)"/g,
  /<([\w.-]+)>([^<>\s]+)<\/\1>/g,
  /^[ \t]*(requirepass|masterauth)[ \t]+["']?([^\s"'#]+)/gm,
];
/** What a shell reads as a value of a variable or an option: `PASSWORD=x`, `--password x`. */
const inShell = [
  /(?<=^|[\s;&|(=?])([A-Za-z_]\w*)=["']?([^\s"'`;&|()$]+)["']?(?=$|[\s;&|)])/g,
  /(?<=^|\s)--?([A-Za-z][\w.-]*)(?:=|\s+)["']?([^\s"'`;&|()$<>{-][^\s"'`;&|()$<>]*)["']?(?=$|[\s;&|)])/g,
];

/** A user and a password: `curl -u web:x`. */
const basic = /\b(?:curl|wget)\s(?:[^|;&]*\s)?(?:-u|--user)[ =]["']?[^\s:"'$]+:([^\s"'$]+)/g;
/** The password that the clients of MySQL take without a space: `mysql -px`. */
const glued = /\bmysql\w*\s(?:[^|;&]*\s)?-p([^\s"'$]+)/g;

/** Whether a text, such as a file of settings or a command, has a secret in it. */
export function hasSecret(text: string): boolean {
  return looksSecret(text) || [assignment, ...pairs].some((form) => hasPair(text, form));
}

/** Whether a command has a secret in it, also where it is a script. */
export function hasSecretWord(command: string): boolean {
  return (
    hasSecret(command) ||
    inShell.some((form) => hasPair(command, form)) ||
    [basic, glued].flatMap((form) => [...command.matchAll(form)]).some(([, password = ""]) => isLiteral(password))
  );
}

function hasPair(text: string, form: RegExp): boolean {
  return [...text.matchAll(form)].some(([, name = "", value = ""]) => isSecretValue(name, value));
}

/** Whether a text is too random to be made by a person: 32 characters or more of all kinds, and no digest. */
function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]{32,128}$/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/\d/.test(text))
    return false;
  if (/^[0-9a-f-]+$/i.test(text) || text.split(/[-_/]/).length > 4) return false;
  const counts = Map.groupBy(text, (letter) => letter);
  const entropy = [...counts.values()].reduce(
    (sum, { length }) => sum - (length / text.length) * Math.log2(length / text.length),
    0,
  );
  return entropy > 4.3;
}
