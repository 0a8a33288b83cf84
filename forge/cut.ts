/** What is open at the end of a line of Markdown: a code block, by its fence, and folds. */
interface Open {
  readonly fence: string;
  readonly folds: number;
}

/**
 * Cuts Markdown that is longer than a forge takes: whole lines from its beginning, where the verdict is, with open code blocks
 * and folds closed. Reports keep to a budget of their own, so this is for what else comes.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = `\n\n**Cut here: of ${text.length} characters ${limit} fit. All of it is with the run.**\n`;
  let open: Open = { fence: "", folds: 0 };
  let end = 0;
  for (const [line] of text.matchAll(/.*\n|.+$/g)) {
    const next = after(line, open);
    if (end + line.length + closing(next).length + note.length > limit) break;
    end += line.length;
    open = next;
  }
  return `${text.slice(0, end)}${closing(open)}${note}`.slice(0, limit);
}

function after(line: string, { fence, folds }: Open): Open {
  const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
  if (fence) return { fence: mark.startsWith(fence) && line.trim() === mark ? "" : fence, folds };
  if (mark) return { fence: mark, folds };
  return { fence, folds: folds + count(line, "<details") - count(line, "</details>") };
}

function count(line: string, word: string): number {
  return line.split(word).length - 1;
}

function closing({ fence, folds }: Open): string {
  return `${fence ? `\n${fence}` : ""}${"\n\n</details>".repeat(Math.max(folds, 0))}`;
}
