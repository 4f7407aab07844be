import type { ContainerApp, ContainerEnvironment, ContainerJob } from "../../../azure/container-ports.ts";
import { tellFailure, type Known } from "../../../azure/known.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { sameText } from "../../../resource-id.ts";
import type { Asked } from "../find-workspace.ts";
import { CONSOLE, SYSTEM, type LogSource } from "../log-source-plan.ts";
import { judgeEnvironment, readEnvironment } from "../read-log-source.ts";

export interface FoundApp {
  resource: ContainerApp | ContainerJob | undefined;
  /** Why it is not known as a resource. */
  unknown: string | undefined;
  /** Names of apps and jobs that may be seen. */
  names: string[];
  /** Resource groups of those of the name in other groups than the one that was typed. */
  elsewhere: string[];
  /** An app has the name of the job that was asked for. */
  isApp: boolean;
  /** A job of the same name is there, too. */
  hasTwin: boolean;
}

export interface AppWanted {
  name: string;
  resourceGroup?: string | undefined;
  /** Only jobs. */
  job: boolean;
}

/** The app or job of a name in the given subscriptions; throws AppError (usage) where there are several apps, or jobs. */
export async function findApp({ name, resourceGroup, job }: AppWanted, ctx: Context): Promise<FoundApp> {
  const { containerApps, target } = await ctx.azure();
  const read = await Promise.all(
    target.subscriptionIds.flatMap((id): Promise<Known<(ContainerApp | ContainerJob)[]>>[] => [
      tellFailure("the container apps", () => containerApps.listApps(id)),
      tellFailure("the container app jobs", () => containerApps.listJobs(id)),
    ]),
  );
  const all = read.flatMap((each) => ("value" in each ? each.value : []));
  const reasons = read.flatMap((each) => ("unknown" in each ? [each.unknown] : []));
  const isThere = (each: { resourceGroup: string }): boolean =>
    resourceGroup === undefined || sameText(each.resourceGroup, resourceGroup);
  const named = all.filter((each) => sameText(each.name, name));
  const fitting = named.filter(isThere);
  const apps = job ? [] : fitting.filter(({ kind }) => kind === "app");
  const jobs = fitting.filter(({ kind }) => kind === "job");
  const [resource, another] = apps.length > 0 ? apps : jobs;
  if (resource && another) throw several(name, [resource, another]);
  const where = resourceGroup === undefined ? "these subscriptions" : `resource group ${resourceGroup}`;
  const none = `there is no ${job ? "" : "app or "}job ${name} in ${where} that may be seen`;
  return {
    resource,
    unknown: resource ? undefined : [...new Set(reasons), ...(reasons.length === 0 ? [none] : [])].join("; "),
    elsewhere: named.filter((each) => !isThere(each)).map((each) => each.resourceGroup),
    isApp: job && fitting.some(({ kind }) => kind === "app"),
    names: all.map((each) => each.name),
    hasTwin: apps.length > 0 && jobs.length > 0,
  };
}

function several(
  name: string,
  [one, other]: readonly [{ resourceGroup: string }, { resourceGroup: string }],
): AppError {
  return new AppError(
    "usage",
    `there are several named ${name}, in ${one.resourceGroup} and ${other.resourceGroup}`,
    {
      hint: `--resource-group ${one.resourceGroup}`,
    },
  );
}

/** What the environment of an app says of its logs. */
export interface LogsSent {
  /** How rows name the environment; undefined where its domain is not known. */
  environments: readonly string[] | undefined;
  console: LogSource;
  system: LogSource;
}

/** Undefined when there is no environment to ask about. */
export async function findLogs(
  { resource }: FoundApp,
  workspace: Asked,
  ctx: Context,
): Promise<LogsSent | undefined> {
  const { environmentId, name } = resource ?? {};
  if (environmentId === undefined || name === undefined) return undefined;
  const environment = await readEnvironment(environmentId, name, ctx);
  const kinds = [CONSOLE, SYSTEM];
  const [console, system] = await judgeEnvironment(environment, { kinds, workspace }, ctx);
  if (!console || !system) throw new Error("each kind has an answer");
  return { environments: "value" in environment ? namesOf(environment.value) : undefined, console, system };
}

function namesOf({ name, defaultDomain }: ContainerEnvironment): string[] | undefined {
  const [label] = defaultDomain?.split(".") ?? [];
  return label === undefined ? undefined : [name, label];
}
