import type { Note } from "../../output/view.ts";
import { HOURS_A_MONTH } from "./cost-count.ts";
import type { CostResult } from "./cost.ts";
import { namesText } from "./names-text.ts";

export function costNotes(result: CostResult): Note[] {
  if (result.groups.length === 0) {
    const text = "no capacity reservation group is visible in these subscriptions, own or shared";
    return [{ level: "info", text }, ...duplicateNotes(result)];
  }
  // A sum of nothing would read as if everything here were free.
  const ours = result.groups.some(({ shared }) => !shared)
    ? [...totalNotes(result), ...priceNotes(result)]
    : [];
  return [...ours, ...sharedNotes(result), ...duplicateNotes(result)];
}

function totalNotes({ total, prices }: CostResult): Note[] {
  const { idle, perHour, perMonth, isComplete } = total;
  const units = idle === 1 ? "1 idle unit" : `${idle} idle units`;
  const money =
    "reason" in prices || perHour === null
      ? ""
      : `: ${perHour} ${prices.currency} an hour, ${perMonth?.toFixed(2)} ${prices.currency} in a month of ${HOURS_A_MONTH} hours`;
  const rest = isComplete ? "" : "; at least, as not everything can be told";
  return [
    {
      level: isComplete ? "info" : "warning",
      text: `${units}${money}${rest}`,
      because: ["odcr/billing-starts-with-quantity", "odcr/no-double-billing"],
    },
  ];
}

function priceNotes({ prices }: CostResult): Note[] {
  if ("reason" in prices) {
    const text = `quantities only, without prices: ${prices.reason}`;
    return [{ level: prices.wasAsked ? "warning" : "info", text }];
  }
  const { source, currency, retrievedAt } = prices;
  const foreign = currency === "USD" ? "" : `; ${currency} is for reference, Microsoft prices in USD`;
  const text =
    `list prices of ${source} in ${currency}, read at ${retrievedAt}, without licences: ` +
    `what an agreement, a Reserved Instance or a Savings Plan takes off is not in them${foreign}`;
  return [{ level: "info", text, because: ["azure-wire/retail-prices", "odcr/discounts-apply"] }];
}

function sharedNotes({ groups, rows }: CostResult): Note[] {
  if (!groups.some(({ shared }) => shared)) return [];
  const idle = rows.reduce((sum, row) => sum + (row.shared ? (row.idle ?? 0) : 0), 0);
  const text = `groups shared into these subscriptions are paid by their owners: ${idle} of their units are idle, and not in the sum`;
  return [{ level: "info", text, because: ["azure-wire/owner-pays-idle-units"] }];
}

function duplicateNotes({ replicated }: CostResult): Note[] {
  const migrate =
    "whether replicas of Azure Migrate are paid beside their sources cannot be told: Resource Graph does not list them all";
  if ("reason" in replicated) {
    const text = `whether a VM and its replica are both paid for cannot be told: ${replicated.reason}`;
    return [{ level: "warning", text, because: ["odcr/replicas-paid-twice"] }];
  }
  const { found, untold, truncated } = replicated;
  const none = "no VM with a group is seen to have a Site Recovery replica with one in these subscriptions";
  return [
    found.length === 0
      ? {
          level: "info",
          text: none,
          because: ["odcr/replicas-paid-twice", "azure-wire/graph-silently-absent"],
        }
      : {
          level: "warning",
          text: `paid twice, as far as both groups hold a unit for them: ${namesText(found.map(({ machine }) => machine))}`,
          because: ["odcr/replicas-paid-twice"],
        },
    ...untoldNotes(untold),
    ...(truncated
      ? [
          {
            level: "warning" as const,
            text: "the service dropped rows",
            because: ["azure-wire/graph-truncation"],
          },
        ]
      : []),
    { level: "info", text: migrate, because: ["azure-wire/replicas-in-graph"] },
  ];
}

function untoldNotes(untold: readonly { machine: string; reason: string }[]): Note[] {
  const reasons = [...new Set(untold.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const names = untold.filter((each) => each.reason === reason).map(({ machine }) => machine);
    const text = `whether it is paid twice cannot be told of ${namesText(names)}: ${reason}`;
    return { level: "warning", text, because: ["azure-wire/replicas-in-graph"] };
  });
}
