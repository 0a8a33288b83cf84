import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

/** What a renderer of GitHub's Markdown makes of a text: the words, the HTML and the links that people and browsers get to see. */
export function partsOf(markdown: string): { words: string; html: string; links: string[]; code: string } {
  const parts = { words: "", html: "", links: [] as string[], code: "" };
  const visit = (node: Node) => {
    if (node.type === "text") parts.words += `${node.value} `;
    if (node.type === "html") parts.html += `${node.value}\n`;
    if (node.type === "inlineCode" || node.type === "code") parts.code += `${node.value}\n`;
    if (node.url !== undefined) parts.links.push(node.url);
    for (const child of node.children ?? []) visit(child);
  };
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node);
  return parts;
}

/** HTML as we write it: what is folded, and code in its heading with everything escaped. */
const ours =
  /<!-- keelson:report v1 -->|<details(?: open)?>|<\/details>|<summary>(?:<code>(?:[^<>&]|&#\d+;)*<\/code>|[^<>&])*<\/summary>/g;

/** What is wrong with a comment in which all of the hostile text must be inert; nothing where it is. */
export function liveParts(markdown: string): string[] {
  const { words, html, links } = partsOf(markdown);
  const left = html.replaceAll(ours, "").trim();
  const opened = html.match(/<details/g)?.length ?? 0;
  const closed = html.match(/<\/details>/g)?.length ?? 0;
  return [
    ...(/[@<]|:\/\/|www\.|#\d/.test(words)
      ? [`words: ${words.match(/.{0,40}([@<]|:\/\/|www\.|#\d).{0,40}/)?.[0]}`]
      : []),
    ...(left === "" ? [] : [`HTML: ${left.slice(0, 200)}`]),
    ...links.map((link) => `link: ${link}`),
    ...(opened === closed ? [] : [`${opened} details are opened and ${closed} closed`]),
    ...(/[^\P{C}\n]/u.test(markdown) ? ["unseen characters"] : []),
  ];
}
