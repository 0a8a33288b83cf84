import { LineCounter, parseDocument } from "yaml";

/** Levels of mappings and lists in one another. Nothing that is read here has a dozen; what has more only overflows the stack of who walks it. */
const deepest = 50;

/**
 * What a text of YAML holds, or why it cannot be used. The parser's own messages repeat what they are about, and that may be a
 * secret, so only the kind of mistake and its line are told.
 */
export function readYaml(text: string): { value: unknown } | { mistake: string } {
  const lines = new LineCounter();
  try {
    // Level "error": with "silent" a second document would be left out without a word, with "warn" some warnings are printed.
    const document = parseDocument(text, { logLevel: "error", prettyErrors: false, lineCounter: lines });
    const [first] = [...document.errors, ...document.warnings];
    if (first) return { mistake: `is no YAML (${first.code}, line ${lines.linePos(first.pos[0]).line})` };
    const value: unknown = document.toJS();
    return deeperThan(deepest, value) ? { mistake: `is nested deeper than ${deepest} levels` } : { value };
  } catch {
    // Only aliases are looked at so late: one of no anchor, or so many that they are meant to exhaust the reader.
    return { mistake: "is no YAML (BAD_ALIAS)" };
  }
}

/** True also of a value that holds itself, which an alias inside its anchor makes. */
function deeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(levels - 1, inner));
}
