import type { ContainerEnvironment } from "../../azure/container-ports.ts";
import { findByName, type NamedResource } from "../../azure/find-by-name.ts";
import type { DiagnosticSetting } from "../../azure/log-ports.ts";
import { tellFailure, type Known } from "../../azure/known.ts";
import type { Context } from "../../context.ts";
import { nameOf, sameText } from "../../resource-id.ts";
import type { Asked } from "./find-workspace.ts";
import {
  cannotTellSource,
  judgeSource,
  type LogSource,
  type SourceKind,
  type SourceSeen,
} from "./log-source-plan.ts";

interface Looking {
  /** The name of the resource. */
  name: string;
  kind: SourceKind;
  workspace: Asked;
}

/** Whether a resource sends its logs to the workspace; beside the answer, so nothing that goes wrong here stops it. */
export async function readLogSource(looking: Looking, ctx: Context): Promise<LogSource> {
  const { name, kind } = looking;
  const resource = await oneOf({ name, types: kind.types, what: `${kind.what} ${name}` }, ctx);
  if ("unknown" in resource) return cannotTellSource(resource.unknown);
  const sender = await senderOf(resource.value, kind, ctx);
  const [source] = await judgeSender({ sender, kinds: [kind], workspace: looking.workspace }, ctx);
  if (!source) throw new Error("each kind has an answer");
  return source;
}

/** Whether an environment sends the logs of its apps to the workspace, for each kind of logs. */
export async function judgeEnvironment(
  environment: Known<ContainerEnvironment>,
  about: { kinds: readonly SourceKind[]; workspace: Asked },
  ctx: Context,
): Promise<LogSource[]> {
  const sender = "unknown" in environment ? environment : { value: toSender(environment.value) };
  return judgeSender({ sender, ...about }, ctx);
}

interface About {
  sender: Known<Sender>;
  kinds: readonly SourceKind[];
  workspace: Asked;
}

async function judgeSender({ sender, kinds, workspace }: About, ctx: Context): Promise<LogSource[]> {
  const seen = "unknown" in sender ? sender : await seenOf(sender.value, workspace, ctx);
  if ("unknown" in seen) return kinds.map(() => cannotTellSource(seen.unknown));
  return kinds.map((kind) => judgeSource({ ...seen.value, kind }));
}

async function seenOf(
  sender: Sender,
  workspace: Asked,
  ctx: Context,
): Promise<Known<Omit<SourceSeen, "kind">>> {
  const { customerId } = workspace;
  const { destination } = sender;
  // It names a workspace by GUID, so neither settings nor ids are asked for.
  if (sameText(destination?.kind ?? "", "log-analytics")) {
    const asked = { id: workspace.id ?? customerId, customerId };
    return { value: { sender, destination, settings: [], workspace: asked } };
  }
  const id = await idOf(workspace, ctx);
  if ("unknown" in id) return id;
  const settings = await settingsOf(sender, ctx);
  if ("unknown" in settings) return settings;
  return {
    value: { sender, destination, settings: settings.value, workspace: { id: id.value, customerId } },
  };
}

interface Resource {
  name: string;
  types: readonly string[];
  what: string;
}

async function oneOf({ name, types, what }: Resource, ctx: Context): Promise<Known<NamedResource>> {
  const { graph, target } = await ctx.azure();
  const found = await tellFailure(what, () => findByName(graph, { name, types }, target.subscriptionIds));
  if ("unknown" in found) return found;
  const [first, another] = found.value;
  if (!first) return { unknown: `no ${what} is to be seen in these subscriptions` };
  return another ? { unknown: `there is more than one ${what} in these subscriptions` } : { value: first };
}

/** What sends the logs of a resource: itself, or the environment that it is in. */
interface Sender {
  id: string;
  name: string;
  destination: SourceSeen["destination"];
}

async function senderOf(resource: NamedResource, kind: SourceKind, ctx: Context): Promise<Known<Sender>> {
  const { id, name, properties } = resource;
  if (!kind.isThroughEnvironment) return { value: { id, name, destination: undefined } };
  // Apps have both members, jobs the first alone.
  const { environmentId, managedEnvironmentId } = properties;
  const where = [environmentId, managedEnvironmentId].find((each) => typeof each === "string");
  if (where === undefined) return { unknown: `${name} does not say in which environment it is` };
  const environment = await readEnvironment(where, name, ctx);
  return "unknown" in environment ? environment : { value: toSender(environment.value) };
}

/** The environment of an id, which one of the name is in. */
export async function readEnvironment(
  id: string,
  name: string,
  ctx: Context,
): Promise<Known<ContainerEnvironment>> {
  const { containerApps } = await ctx.azure();
  const what = `environment ${nameOf(id)} of ${name}`;
  const read = await tellFailure(what, () => containerApps.getEnvironment(id));
  if ("unknown" in read) return read;
  return read.value ? { value: read.value } : { unknown: `${what} is not there` };
}

function toSender({ id, name, logDestination = "none", customerId }: ContainerEnvironment): Sender {
  return { id, name, destination: { kind: logDestination, customerId } };
}

async function settingsOf(sender: Sender, ctx: Context): Promise<Known<DiagnosticSetting[]>> {
  const { workspaces } = await ctx.azure();
  const what = `the diagnostic settings of ${sender.name}`;
  return tellFailure(what, () => workspaces.listDiagnosticSettings(sender.id));
}

/** Settings name workspaces by id, of which a GUID tells nothing. */
async function idOf({ id, name, customerId }: Asked, ctx: Context): Promise<Known<string>> {
  if (id !== undefined) return { value: id };
  const { workspaces, target } = await ctx.azure();
  const listed = await tellFailure("the workspaces", async () =>
    (await Promise.all(target.subscriptionIds.map((each) => workspaces.list(each)))).flat(),
  );
  if ("unknown" in listed) return listed;
  const found = listed.value.find((each) => sameText(each.customerId, customerId));
  return found ? { value: found.id } : { unknown: `workspace ${name} is in none of these subscriptions` };
}
