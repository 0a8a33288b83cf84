import { parseArgs } from "node:util";
import { oneOf } from "../components/model/problems.ts";

type Options = Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }>;

// Who reads may stop to (head, a pager): what is to be done is done all the same, and ends with its own status.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

/** Longest that a timer of Node.js can wait, in seconds: 24 days. */
const longestWait = Math.floor((2 ** 31 - 1) / 1000);

/** Reads a command's options. `--help` prints the help and ends; wrong words print what is wrong, then the help, and end with status 2. */
export class Arguments<O extends Options> {
  readonly #command: string;
  readonly #help: string;
  readonly #values: Record<string, unknown>;
  /** What was given without an option's name before it. */
  readonly words: readonly string[];

  /**
   * @param command what stands before each message
   * @param more `words`: how many words without an option's name there may be, default none; `args`: what was typed
   */
  constructor(command: string, help: string, options: O, more: { words?: number; args?: string[] } = {}) {
    this.#command = command;
    this.#help = help;
    const { values, positionals } = this.#parse(options, more);
    this.#values = values;
    this.words = positionals;
    if (this.#values.help) {
      console.log(help);
      process.exit(0);
    }
  }

  #parse(
    options: O,
    { words = 0, args = process.argv.slice(2) }: { words?: number; args?: string[] },
  ): {
    values: Record<string, unknown>;
    positionals: string[];
  } {
    try {
      const parsed = parseArgs({
        args,
        allowPositionals: words > 0,
        options: { ...options, help: { type: "boolean", short: "h" } },
      });
      const beyond = parsed.positionals.slice(words);
      if (beyond.length > 0) this.fail(`"${beyond.join(" ")}" is too much`);
      return parsed;
    } catch (error) {
      return this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends the command because of its words. */
  fail(message: string): never {
    console.error(`${this.#command}: ${message}\n\n${this.#help}`);
    process.exit(2);
  }

  /** A text that may be left out. */
  text(name: keyof O & string): string | undefined {
    return this.#values[name] as string | undefined;
  }

  /** The texts of an option that may be given several times. */
  list(name: keyof O & string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  }

  /** A text that must be given and, where `allowed` is, be one of it. */
  required<T extends string = string>(name: keyof O & string, allowed?: readonly T[]): T {
    const value = this.text(name);
    if (value === undefined) return this.fail(`--${name} is missing${allowed ? `: ${oneOf("", allowed)}` : ""}`);
    if (allowed && !allowed.includes(value as T))
      return this.fail(`there is no ${name} "${value}"; ${oneOf(value, allowed)}`);
    return value as T;
  }

  /** A text that may be left out and, where it is given, must be one of `allowed`. */
  choice<T extends string>(name: keyof O & string, allowed: readonly T[]): T | undefined {
    return this.text(name) === undefined ? undefined : this.required(name, allowed);
  }

  /** A number of seconds above zero, not more than a timer can wait. */
  seconds(name: keyof O & string, standard: number): number {
    const seconds = Number(this.text(name) ?? standard);
    if (!(seconds > 0 && seconds <= longestWait))
      this.fail(`--${name} must be a number of seconds above 0, at most ${longestWait}`);
    return seconds;
  }

  /** Whether a switch is on. */
  flag(name: keyof O & string): boolean {
    return this.#values[name] === true;
  }
}
