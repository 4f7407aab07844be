import type { CollectionRule, IngestionPlace, RuleStream } from "../../../azure/ingestion-ports.ts";
import type { LogColumn } from "../../../azure/log-ports.ts";
import type { Azure } from "../../../azure/ports.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { parseResourceId, sameId, sameText } from "../../../resource-id.ts";
import { failureColumns } from "./columns.ts";

export interface Wish {
  /** A rule by its name, resource id or immutable id. */
  rule: string;
  endpoint: string | undefined;
  stream: string | undefined;
}

/** Where events go, and what they may have. */
export interface Destination {
  place: IngestionPlace;
  /** Undefined when all was typed, so that nothing was looked up. */
  rule: CollectionRule | undefined;
  stream: RuleStream | undefined;
  /** Of the rule's stream, or those of `kql failures setup` where the rule was not looked up. */
  columns: readonly LogColumn[];
}

const IMMUTABLE_ID = /^dcr-[0-9a-f]{32}$/i;

/** The destination when no Azure has to be asked for it. */
export function typedDestination({ rule, endpoint, stream }: Wish): Destination | undefined {
  if (!IMMUTABLE_ID.test(rule) || endpoint === undefined || stream === undefined) return undefined;
  return {
    place: { endpoint, ruleId: rule, stream },
    rule: undefined,
    stream: undefined,
    columns: failureColumns.columns,
  };
}

/**
 * Looks the rule up in the given subscriptions. Throws AppError "usage" when there is none or more than one of a name, it
 * has no such stream, or no address; "auth" for an id of another subscription.
 */
export async function findDestination(wish: Wish, ctx: Context): Promise<Destination> {
  const typed = typedDestination(wish);
  if (typed) return typed;
  const azure = await ctx.azure();
  const rule = await findRule(wish.rule, azure);
  const stream = chooseStream(rule, wish.stream);
  const endpoint = wish.endpoint ?? (await addressOf(rule, azure));
  return {
    place: { endpoint, ruleId: rule.immutableId, stream: stream.name },
    rule,
    stream,
    columns: stream.columns,
  };
}

async function findRule(wanted: string, { target, collectionRules }: Azure): Promise<CollectionRule> {
  const { subscriptionIds } = target;
  const other = parseResourceId(wanted)?.subscriptionId;
  if (other !== undefined && !subscriptionIds.some((each) => sameText(each, other))) {
    throw new AppError("auth", `the rule is in subscription ${other}, which this run may not touch`, {
      hint: `use --subscription ${other}`,
    });
  }
  const listed = (await Promise.all(subscriptionIds.map((id) => collectionRules.list(id)))).flat();
  const fitting = listed.filter(
    ({ id, name, immutableId }) =>
      sameId(id, wanted) || sameText(name, wanted) || sameText(immutableId, wanted),
  );
  const [rule, another] = fitting;
  if (rule && !another) return rule;
  if (rule) {
    throw new AppError("usage", `there are several data collection rules named ${wanted}`, {
      hint: `give the id, such as ${rule.id}`,
    });
  }
  const names = listed.filter(({ streams }) => streams.length > 0).map(({ name }) => name);
  throw new AppError("usage", `there is no data collection rule "${wanted}" in these subscriptions`, {
    hint:
      names.length === 0
        ? "this identity sees none that takes events: check --subscription; who may send and not read gives --rule dcr-… (its immutable id), --endpoint and --stream; to make one: azwise kql failures setup --help"
        : `those that take events: ${names.sort().slice(0, 10).join(", ")}`,
  });
}

function chooseStream({ name, streams }: CollectionRule, wanted: string | undefined): RuleStream {
  const names = streams.map((each) => each.name);
  if (wanted === undefined) {
    const [only, another] = streams;
    if (only && !another) return requireFailures(only);
    throw new AppError(
      "usage",
      `rule ${name} declares ${only ? "several streams" : "no stream of its own"}`,
      {
        hint: only ? `choose one with --stream: ${names.join(", ")}` : "give a rule that declares one",
      },
    );
  }
  const found = streams.find((each) => [wanted, `Custom-${wanted}`].includes(each.name));
  if (found) return requireFailures(found);
  throw new AppError("usage", `rule ${name} declares no stream ${wanted}`, {
    hint: names.length === 0 ? "it declares none" : `it declares: ${names.join(", ")}`,
  });
}

/** Events sent to another table would be there without their columns. */
function requireFailures(stream: RuleStream): RuleStream {
  const needed = ["PipelineName", "ErrorCode", "ErrorMessage"];
  if (needed.some((column) => stream.columns.some(({ name }) => name === column))) return stream;
  throw new AppError("usage", `stream ${stream.name} has none of the columns ${needed.join(", ")}`, {
    hint: "it is not for failures of pipelines; choose another one with --stream or --rule",
  });
}

async function addressOf(rule: CollectionRule, { collectionRules }: Azure): Promise<string> {
  const { endpointId } = rule;
  const own = rule.endpoint ?? (endpointId && (await collectionRules.endpointOf(endpointId)));
  if (own) return own;
  throw new AppError("usage", `rule ${rule.name} has no ingestion address of its own`, {
    hint: "give that of a data collection endpoint of its region as --endpoint, or make a rule of kind Direct: azwise kql failures setup --help",
    because: ["azure-wire/ingestion-direct-rule"],
  });
}
