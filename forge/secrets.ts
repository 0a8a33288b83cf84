import { readFileSync } from "node:fs";

/** What secrets of well-known makers look like. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  // What the engine writes before each secret in a state or an event that shows its secrets.
  ["the engine's mark of a secret", /4dabf18193072939515e22adb298388d/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{30,})/],
  ["a GitLab token", /\bgl(pat|ptt|dt|rt|cbt|ft|soat)-[\w-]{20,}/],
  ["a Pulumi access token", /\bpul-[0-9a-f]{40}\b/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["an OpenAI or Anthropic API key", /\bsk-[\w-]{32,}/],
  ["a Slack token", /\bxox[abeprs]-[\w-]{20,}/],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
  ["a password in a URL", /[a-z]:\/\/[^\s/:@"'`]*:(?!\[secret\]|\*+@|\$)[^\s/@"'`]+@/i],
];

/** Variables of CI that have a secret's name and no secret in them. */
const open = /^(ACTIONS_|GITHUB_ACTION|RUNNER_).*|_(URL|FILE|PATH|ID|NAME|USER)$/;

/**
 * The kind of secret that a text has in it, or undefined: what secrets of well-known makers look like, and the values of this
 * process's own variables that are called token, password, passphrase, secret or key.
 */
export function secretIn(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const known = shapes.find(([, shape]) => shape.test(text));
  if (known) return known[0];
  const passphraseFile = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  const values = [
    ...Object.entries(env).filter(([name]) => /TOKEN|PASSWORD|PASSPHRASE|SECRET|KEY$/i.test(name) && !open.test(name)),
    ...(passphraseFile ? [["PULUMI_CONFIG_PASSPHRASE_FILE", contentOf(passphraseFile)] as const] : []),
  ];
  const own = values.find(([, value = ""]) => value.length >= 8 && text.includes(value));
  return own && `the value of ${own[0]}`;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
