import { readFile } from "node:fs/promises";
import { type ForgeEvent, pullRequestsOf, readEvent } from "./event.ts";
import { filePost } from "./file.ts";
import { GitHub, issues, pullRequestComments } from "./github.ts";
import { GitLab, gitlabIssues, mergeRequestNotes } from "./gitlab.ts";
import { ForgeError, type Posts } from "./posts.ts";

/** The forges that can be written to. */
export const providers = ["github", "gitlab", "file"] as const;
/** One of the {@link providers}. */
export type Provider = (typeof providers)[number];

/** Where to write; what is left out comes from the variables that the forge's CI sets. */
export interface Where {
  readonly provider: Provider;
  /** `owner/name` at GitHub, number or path of the project at GitLab. */
  readonly repository?: string | undefined;
  readonly pullRequest?: number | undefined;
  /** The file of provider `file`. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
}

/** What is known of the run that speaks. */
export interface Run {
  /** Number of the run, see `Speaker.run`. */
  readonly number?: string | undefined;
  /** Where people see it. */
  readonly url?: string | undefined;
  /** The commit that it is about. */
  readonly commit?: string | undefined;
  /** How it ended, where that is known. */
  readonly conclusion?: string | undefined;
}

/** The comments of each pull request that is meant, and the run that speaks. @throws ForgeError for what is missing. */
export async function openComments(where: Where): Promise<{ comments: Posts[]; run: Run }> {
  const { provider, env, pullRequest } = where;
  if (provider === "file") return { comments: [filePost(needed(where.file, "--file"))], run: {} };
  if (provider === "gitlab") {
    const number = pullRequest ?? Number(needed(env.CI_MERGE_REQUEST_IID, "--pull-request (or CI_MERGE_REQUEST_IID)"));
    return {
      comments: [mergeRequestNotes(gitlab(where), number)],
      run: { number: env.CI_PIPELINE_ID, url: env.CI_PIPELINE_URL, commit: env.CI_COMMIT_SHA },
    };
  }
  const client = github(where);
  const event = env.GITHUB_EVENT_PATH ? await eventIn(env.GITHUB_EVENT_PATH) : {};
  if (pullRequest === undefined && Object.keys(event).length === 0)
    throw new ForgeError("--pull-request is missing, and there is no event of a pull request (GITHUB_EVENT_PATH)");
  const numbers = pullRequest === undefined ? await pullRequestsOf(client, event) : [pullRequest];
  return { comments: numbers.map((number) => pullRequestComments(client, number)), run: runOf(event, env) };
}

/** The issues of the repository. @throws ForgeError for what is missing. */
export function openIssues(where: Where, issue: { title: string; label: string }): Posts {
  if (where.provider === "file") return filePost(needed(where.file, "--file"));
  return where.provider === "gitlab" ? gitlabIssues(gitlab(where), issue) : issues(github(where), issue);
}

function github({ repository, env, log }: Where): GitHub {
  const name = needed(repository ?? env.GITHUB_REPOSITORY, "--repository (or GITHUB_REPOSITORY)");
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) throw new ForgeError(`--repository must be like owner/name, not "${name}"`);
  return new GitHub({
    token: needed(env.GITHUB_TOKEN, "the environment variable GITHUB_TOKEN"),
    repository: name,
    api: env.GITHUB_API_URL,
    ...pace(env),
    ...(log ? { log } : {}),
  });
}

function gitlab({ repository, env }: Where): GitLab {
  return new GitLab({
    token: needed(env.GITLAB_TOKEN, "the environment variable GITLAB_TOKEN"),
    project: needed(repository ?? env.CI_PROJECT_ID, "--repository (or CI_PROJECT_ID)"),
    api: env.CI_API_V4_URL || "https://gitlab.com/api/v4",
    ...pace(env),
  });
}

/** Tests make seconds shorter. */
function pace({ KEELSON_FORGE_SECOND: second }: NodeJS.ProcessEnv): { second?: number } {
  return second ? { second: Number(second) } : {};
}

async function eventIn(file: string): Promise<ForgeEvent> {
  try {
    return readEvent(await readFile(file, "utf8"));
  } catch (error) {
    throw new ForgeError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

function runOf({ workflow_run: run }: ForgeEvent, env: NodeJS.ProcessEnv): Run {
  if (run)
    return {
      number: `${run.id}.${run.run_attempt}`,
      url: run.html_url,
      commit: run.head_sha,
      conclusion: run.conclusion ?? undefined,
    };
  const { GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = "1", GITHUB_SERVER_URL, GITHUB_REPOSITORY } = env;
  return id ? { number: `${id}.${attempt}`, url: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${id}` } : {};
}

function needed(value: string | undefined, what: string): string {
  if (!value) throw new ForgeError(`${what} is missing`);
  return value;
}
