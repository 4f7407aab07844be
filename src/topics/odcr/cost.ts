import * as z from "zod";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { costRows, pricedSizes, totalOf, type CostRow, type CostTotal, type Prices } from "./cost-count.ts";
import { readDuplicates, readPrices, type Replicated } from "./cost-read.ts";
import { viewCost } from "./cost-view.ts";
import { gateOf, Group } from "./flags.ts";
import { readGroupStatuses, type GroupStatus } from "./read-groups.ts";

const FINDINGS = ["idle", "duplicate"] as const;
export type CostFinding = (typeof FINDINGS)[number];

const Currency = z
  .string()
  .regex(/^[a-z]{3}$/i, "a currency is three letters, such as EUR")
  .transform((text) => text.toUpperCase());

const CostInput = z.object({
  group: Group.optional(),
  currency: Currency.optional(),
  prices: z.boolean().default(true),
  failOn: gateOf(FINDINGS).optional(),
});
type CostInput = z.infer<typeof CostInput>;

export interface CostResult {
  groups: GroupStatus[];
  rows: CostRow[];
  total: CostTotal;
  prices: Prices;
  replicated: Replicated;
  gate: readonly CostFinding[];
}

async function runCost(input: CostInput, ctx: Context): Promise<CostResult> {
  const groups = await readGroupStatuses(input.group, ctx);
  const groupIds = input.group === undefined ? undefined : groups.map(({ id }) => id);
  const [prices, replicated] = await Promise.all([
    input.prices
      ? readPrices(pricedSizes(groups), input.currency ?? "USD", ctx)
      : { reason: "as asked by --no-prices", wasAsked: false },
    readDuplicates({ groupIds, emptyIds: emptyIdsOf(groups) }, ctx),
  ]);
  const today = (await ctx.azure()).clock.now().toISOString();
  const rows = costRows(groups, prices, today);
  return { groups, rows, total: totalOf(rows, groups, prices), prices, replicated, gate: input.failOn ?? [] };
}

function emptyIdsOf(groups: readonly GroupStatus[]): string[] {
  const empty = groups.filter(({ group }) => group?.reservations.every(({ quantity }) => quantity === 0));
  return empty.map(({ id }) => id);
}

export const cost = verb({
  name: "cost",
  summary: "What reserved units that nobody uses cost, and which VMs are paid twice",
  examples: ["odcr cost", "odcr cost crg-shop --no-prices", "odcr cost --currency EUR --fail-on idle -o md"],
  args: ["[group]"],
  flags: [
    { flag: "--currency <code>", summary: "of the prices (default USD); others are for reference only" },
    { flag: "--no-prices", summary: "quantities only; nobody but Azure Resource Manager is asked" },
    {
      flag: "--fail-on <findings>",
      summary: `findings that exit 3: ${FINDINGS.join(",")}, or none (the default)`,
    },
  ],
  details: `
Prices are those of Azure's public price list, asked without a token: no agreement, Reserved Instance or Savings
Plan is in them. When the list does not answer, the quantities stand alone.
A VM is paid twice when it and its Site Recovery replica both have a group, as far as Resource Graph shows it.`,
  input: CostInput,
  run: runCost,
  view: viewCost,
});
