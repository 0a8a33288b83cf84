import { z } from "zod";
import type { GitHub } from "./github.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);

/**
 * What we read of the event that a workflow of GitHub runs for. It is made by GitHub, not by the pull request, so it says for
 * whom a run was, where a file that the run left behind could say anything.
 */
const eventSchema = z.object({
  pull_request: z.object({ number: z.int().positive() }).optional(),
  workflow_run: z
    .object({
      id: z.int().positive(),
      run_attempt: z.int().positive().default(1),
      html_url: z.url(),
      conclusion: z.string().nullable(),
      head_sha: sha,
      head_branch: z.string().min(1),
      /** Null where the fork was deleted. */
      head_repository: z.object({ owner: z.object({ login: z.string().min(1) }) }).nullable(),
    })
    .optional(),
  /** The commit that a push ends with. */
  after: sha.optional(),
});

/** The event that a workflow of GitHub runs for. */
export type ForgeEvent = z.infer<typeof eventSchema>;

/** Reads an event. @throws Error in one line where it is none. */
export function readEvent(text: string): ForgeEvent {
  const parsed = eventSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`the event is not as GitHub writes it: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
}

interface PullRequest {
  readonly number: number;
  readonly merged_at: string | null;
  readonly head: { readonly sha: string };
}

/**
 * The pull requests that an event is about: its own; the open ones that still have the commit at their head which a run of
 * another workflow was for (none after a newer push, and never one that the run itself has chosen); those that a push merged.
 */
export async function pullRequestsOf(github: GitHub, event: ForgeEvent): Promise<number[]> {
  if (event.pull_request) return [event.pull_request.number];
  if (event.workflow_run) {
    const { head_sha, head_branch, head_repository } = event.workflow_run;
    if (!head_repository) return [];
    const open = await github.list<PullRequest>("GET /repos/{owner}/{repo}/pulls", {
      state: "open",
      head: `${head_repository.owner.login}:${head_branch}`,
    });
    return open.filter(({ head }) => head.sha === head_sha).map(({ number }) => number);
  }
  if (!event.after) return [];
  const pulls = await github.list<PullRequest>("GET /repos/{owner}/{repo}/commits/{ref}/pulls", { ref: event.after });
  return pulls.filter(({ merged_at }) => merged_at !== null).map(({ number }) => number);
}
