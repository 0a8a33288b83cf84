import { cut } from "./cut.ts";
import type { Post, Posts } from "./posts.ts";

/** Which post is meant, and which run speaks. */
export interface Speaker {
  /** Tells several sticky posts in one place from each other. */
  readonly name: string;
  /**
   * Number of the run, growing from run to run (a second number after a dot counts its attempts), so that an older run that
   * is slower never overwrites what a newer one has said. Left out, the last to speak is right.
   */
  readonly run?: string | undefined;
}

const aside = "<!-- keelson:aside -->\n";
const divider = "\n\n<details><summary>What it said before</summary>\n\n";
const end = "\n\n</details>\n";

function start(name: string): string {
  return `<!-- keelson:comment v1 name=${name} `;
}

function head({ name, run = "" }: Speaker): string {
  return `${start(name)}run=${run} -->\n`;
}

/** Keeps one post of ours with the given text: makes it, or changes the one that is there, and removes all others of ours. */
export async function keep(posts: Posts, speaker: Speaker, text: string): Promise<void> {
  const mine = withHead(posts, speaker, text);
  let found = await posts.own(start(speaker.name));
  if (found.length === 0) {
    await posts.create(mine);
    // Another run, or a try of ours whose answer got lost, may have made one in the same moment.
    found = await posts.own(start(speaker.name));
  }
  const [oldest, ...others] = found;
  if (!oldest) return;
  const newest = found.map(({ body }) => body).reduce((best, body) => (isNewer(body, best) ? body : best), mine);
  if (oldest.body !== newest) await posts.update(oldest.id, newest);
  for (const { id } of others) await posts.remove(id);
}

/**
 * Puts a note above what our post says and folds the rest away, because it no longer counts. A post that the same or a newer
 * run wrote stays, and where there is none, none is made.
 */
export async function putAside(posts: Posts, speaker: Speaker, note: string, done = false): Promise<void> {
  const found = await posts.own(start(speaker.name));
  for (const { id, body } of found.filter((post) => isBefore(post, speaker))) {
    const above = `${head(speaker)}${aside}${note}${divider}`;
    const text = `${above}${cut(saidBefore(body), posts.limit - above.length - end.length)}${end}`;
    if (text !== body) await posts.update(id, text);
    if (done) await posts.fold?.(id);
  }
}

/** Removes our posts. */
export async function clear(posts: Posts, { name }: Speaker): Promise<void> {
  for (const { id } of await posts.own(start(name))) await posts.remove(id);
}

function withHead({ limit }: Posts, speaker: Speaker, text: string): string {
  return head(speaker) + cut(text, limit - head(speaker).length);
}

/** The text of a post without head, and without a note that was put above it. */
function saidBefore(body: string): string {
  const text = body.slice(body.indexOf("\n") + 1);
  if (!text.startsWith(aside)) return text.trim();
  return text.slice(text.indexOf(divider) + divider.length, -end.length).trim();
}

function isBefore({ body }: Post, { run }: Speaker): boolean {
  return run === undefined || compareRuns(runOf(body), run) < 0;
}

function isNewer(body: string, than: string): boolean {
  const [left, right] = [runOf(body), runOf(than)];
  return left !== "" && right !== "" && compareRuns(left, right) > 0;
}

function runOf(body: string): string {
  return /^<!-- keelson:comment v1 name=\S+ run=([\d.]*) -->/.exec(body)?.[1] ?? "";
}

/** Less than 0 where the first run is the older one. One without a number is older than all. */
function compareRuns(left: string, right: string): number {
  const [a = 0, b = 0] = left.split(".").map(Number);
  const [c = 0, d = 0] = right.split(".").map(Number);
  return a - c || b - d;
}
