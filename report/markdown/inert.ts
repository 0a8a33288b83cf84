import { cut, visible } from "../inert-text.ts";

/*
 * Everything that a program, a chart or a cluster has named goes through here: in Markdown as GitHub and GitLab render it,
 * code is the one place where nothing is a mention, a link, a reference, HTML or the end of something else.
 */

/** The longest text on a line. */
const longest = 400;

/**
 * A text as code on a line.
 * @param place `inTable`: whether it stands in a table, where `|` may end the cell even in code and escaped, so another bar stands for it; `most`: its longest, in letters
 */
export function code(text: string, { inTable = false, most = longest } = {}): string {
  const line = cut(visible(text).replaceAll(/\s+/g, " ").trim(), most) || "-";
  const runs = line.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  const padded = line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line;
  return `${fence}${inTable ? padded.replaceAll("|", "¦") : padded}${fence}`;
}

/** What stands around a word without belonging to it. */
const around = /^([(]?)(.*?)([),.;:!?]*)$/;

/** Words that no renderer makes anything of. Letters alone could be the beginning of a commit's id. */
const plain = /^[(]?(?!(?:[a-f]{7,}|www)\b)[A-Za-z]+(?:['-][a-z]+)*[),;:!?]*\.?$|^\d{1,4}[),;:]?\.?$/;

/** A sentence in which every word that could be more than a word is code. */
export function prose(text: string): string {
  const words = cut(visible(text), longest * 2)
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [, before = "", inner = "", after = ""] = around.exec(word) ?? [];
      if (plain.test(word)) return word;
      // Only where nothing in between could make a pair with what is taken off.
      return inner !== "" && !/[()]/.test(inner) ? `${before}${code(inner)}${after}` : code(word);
    });
  // Neighbours are one: `a b`, not `a` `b`.
  return words.join(" ").replaceAll(/(?<=[^`\s])` `(?=[^`\s])/g, " ");
}

/** Lines as a block of code, fenced by more than what they have of fences. */
export function block(text: string, language = ""): string {
  const clean = visible(text, "lines");
  const runs = clean.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(2, ...runs.map(({ length }) => length)) + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/** A text as code in HTML, for the headings of what is folded. */
export function htmlCode(text: string): string {
  const line = cut(visible(text).replaceAll(/\s+/g, " ").trim(), longest) || "-";
  const escaped = line.replaceAll(/[&<>"'`*_[\]\\~|$:@#]/g, (sign) => `&#${sign.codePointAt(0)};`);
  return `<code>${escaped}</code>`;
}

/** What is folded until somebody opens it. */
export function folded(heading: string, content: string, open = false): string {
  return `<details${open ? " open" : ""}><summary>${heading}</summary>\n\n${content}\n\n</details>`;
}

/** A link to an address of the command's words; the text alone where that is no address of the web. */
export function link(text: string, address: string | undefined): string {
  if (address === undefined || !URL.canParse(address)) return text;
  const { protocol, href } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return text;
  const safe = href.replaceAll(
    /[^\w\-.~:/?#@!$&+,;=%]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `[${text}](${safe})`;
}

/** The size of a text as GitHub may count it: in bytes, which are never fewer than its characters. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}
