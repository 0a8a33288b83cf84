import { steering } from "../sandbox/environment.ts";
import { shellQuote } from "../sandbox/shell-quote.ts";

/** What bash reads at the start of the sandbox's shell: the user's own settings, and after them what makes the tools mean the sandbox. */
export function shellProfile(env: NodeJS.ProcessEnv): string {
  const own = Object.entries(env).filter(([name]) => /^(PATH$|KEELSON_|KUBE|PULUMI_)/.test(name));
  return [
    "[ -f ~/.bashrc ] && . ~/.bashrc",
    `unset ${steering.map((prefix) => `\${!${prefix}*}`).join(" ")}`,
    ...own.map(([name, value = ""]) => `export ${name}=${shellQuote(value)}`),
    "PS1='(sandbox) '\"$PS1\"",
    "",
  ].join("\n");
}
