import { checkEnv } from "./env-checks.ts";
import { borrowed, inOrder, type Job } from "./job.ts";
import { own } from "./own.ts";
import { oneOf } from "./problems.ts";
import { checkResources } from "./service-checks.ts";
import type { PlatformModel, Problem } from "./system.ts";

type Model = Pick<PlatformModel, "services" | "jobs" | "data" | "secrets" | "configs">;

/** What is wrong with jobs: references that lead nowhere, orders that cannot be kept. */
export function checkJobs(model: Model): Problem[] {
  const ordered = inOrder(model.jobs);
  return Object.entries(model.jobs).flatMap(([name, job]) =>
    [...checkName(name, model), ...checkWork(job, model), ...checkOrder(name, job, model, ordered.includes(name))].map(
      (problem) => ({ ...problem, path: ["jobs", name, ...problem.path] }),
    ),
  );
}

function checkName(name: string, { services, data }: Model): Problem[] {
  const taken = Object.hasOwn(services, name) ? "service" : Object.hasOwn(data, name) ? "data store" : undefined;
  return taken
    ? [{ path: [], message: `"${name}" is the name of a ${taken} too`, fix: "a name of its own for each" }]
    : [];
}

function checkWork(job: Job, model: Model): Problem[] {
  const service = own(model.services, job.from);
  if (!service)
    return [
      {
        path: ["from"],
        message: `there is no service "${job.from}"`,
        fix: oneOf(job.from, Object.keys(model.services)),
      },
    ];
  const work = borrowed(job, service);
  const problems: Problem[] = [];
  if (!job.command && !job.args)
    problems.push({
      path: [],
      message: "would run what the service runs, which never ends",
      fix: "give command or args",
    });
  if (job.resources) problems.push(...checkResources(job.resources));
  problems.push(...checkEnv({ env: job.env, envFrom: [], uses: work.uses }, model));
  return problems;
}

function checkOrder(name: string, job: Job, { services, jobs }: Model, ordered: boolean): Problem[] {
  const problems: Problem[] = [];
  for (const [index, service] of job.before.entries()) {
    if (!Object.hasOwn(services, service))
      problems.push({
        path: ["before", index],
        message: `there is no service "${service}"`,
        fix: oneOf(service, Object.keys(services)),
      });
  }
  for (const [index, other] of job.after.entries()) {
    const path = ["after", index];
    if (!Object.hasOwn(jobs, other) || other === name)
      problems.push({
        path,
        message: `there is no other job "${other}"`,
        fix: oneOf(
          other,
          Object.keys(jobs).filter((one) => one !== name),
        ),
      });
    else if (jobs[other]?.schedule)
      problems.push({ path, message: `"${other}" runs by a schedule and never ends`, fix: "a job without a schedule" });
    else if (!ordered) problems.push({ path, message: `"${other}" waits for this job too`, fix: "break the circle" });
  }
  if (job.schedule && job.before.length + job.after.length)
    problems.push({
      path: ["schedule"],
      message: "a job with a schedule comes neither before nor after anything",
      fix: "remove before and after, or the schedule",
    });
  return problems;
}
