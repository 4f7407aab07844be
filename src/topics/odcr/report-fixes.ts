import { flagWords } from "../../azure/shell-word.ts";
import { idKey, parseResourceId, sameText } from "../../resource-id.ts";
import type { AuditRow, HeldUnits } from "./audit-classify.ts";
import { odcrCommand, resizeCommand } from "./odcr-command.ts";
import { slotKey, slotText } from "./slots.ts";

export interface Tagged {
  key: string;
  value: string;
}

export interface Fix {
  subscriptionId: string;
  resourceGroup: string;
  machines: number;
  /** Some of them have to be restarted. */
  restarts: boolean;
  /** Undefined when no command mends it from here; `text` tells why. */
  command: string | undefined;
  text: string | undefined;
  because: string[];
}

export interface Scope {
  /** What the VMs were narrowed by. */
  tags: readonly Tagged[];
  /** Those that were given: what is in them may be changed. */
  subscriptionIds: readonly string[];
}

/** Attach what is in no group; for members of one, whatever their reservation lacks. */
export function fixesFor(rows: readonly AuditRow[], { tags, subscriptionIds }: Scope): Fix[] {
  // A VM whose group nobody can read is not mended by attaching it.
  const mendable = rows.filter(({ state }) => state !== "unknown");
  const loose = groupRows(mendable, ({ machine: { subscriptionId, resourceGroup }, held }) =>
    held ? undefined : `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
  );
  const short = groupRows(
    mendable,
    ({ machine, held }) => held && `${held.groupId}/${held.reservation ?? slotKey(machine)}`,
  );
  return [
    ...loose.map((members) => attachFix(members, tags)),
    ...short.map((members) => memberFix(members, subscriptionIds)),
  ];
}

type Rows = [AuditRow, ...AuditRow[]];

/** Rows without a key are left out. */
function groupRows(rows: readonly AuditRow[], keyOf: (row: AuditRow) => string | undefined): Rows[] {
  const groups = new Map<string, Rows>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const members = groups.get(idKey(key));
    if (members) members.push(row);
    else groups.set(idKey(key), [row]);
  }
  return [...groups.values()];
}

/** The tags of the report go with it, so that it reaches no VM that the report is not about. */
function attachFix(members: Rows, tags: readonly Tagged[]): Fix {
  const { subscriptionId, resourceGroup } = members[0].machine;
  const restarts = members.some(({ state }) => state === "needs-restart");
  const words = [
    ...flagWords("--resource-group", resourceGroup),
    ...tags.flatMap(({ key, value }) => flagWords("--tag", `${key}=${value}`)),
    ...(restarts ? ["--allow-restart"] : []),
  ];
  return {
    subscriptionId,
    resourceGroup,
    machines: members.length,
    restarts,
    command: odcrCommand(["attach", "--subscription", subscriptionId, ...words]),
    text: undefined,
    because: [restarts ? "odcr/regional-restart" : "odcr/order-of-steps"],
  };
}

/** Members of a group are not attached again: what their reservation lacks, only its owner may give it. */
function memberFix(members: Rows, given: readonly string[]): Fix {
  const [{ held, machine }] = members;
  const { groupId = "", lack = "units", fixed } = held ?? {};
  const { subscriptionId = "", resourceGroup = "" } = parseResourceId(groupId) ?? {};
  const isOurs = given.includes(subscriptionId);
  const because = [...WHY[lack]];
  const fix = { subscriptionId, resourceGroup, machines: members.length, restarts: false, because };
  const command = fixed === undefined && isOurs ? commandFor(members, subscriptionId) : undefined;
  if (command !== undefined) return { ...fix, command, text: undefined };
  const name = held?.reservation ?? slotText(machine);
  const who = isOurs ? "no verb changes it" : "the owner of the group has to do it";
  const text = `${name} of group ${groupId} ${needs(members)}: ${fixed ?? who}`;
  return { ...fix, command: undefined, text };
}

const WHY: Readonly<Record<HeldUnits["lack"], readonly string[]>> = {
  units: ["odcr/overallocation-first-come"],
  repair: ["azure-wire/failed-raise"],
  reservation: ["azure-wire/no-matching-reservation-refused"],
  date: ["azure-wire/future-reservations"],
};

/** Undefined when no command helps. */
function commandFor(members: Rows, subscriptionId: string): string | undefined {
  const [{ held }] = members;
  const { groupId = "", lack, reservation = "", quantity = 0 } = held ?? {};
  if (lack === "date") return undefined;
  if (lack === "reservation") {
    // One run takes VMs of one subscription; those of others get their units once they are seen as members.
    const own = membersOf(subscriptionId, members);
    const from = own.length > 0 ? subscriptionId : members[0].machine.subscriptionId;
    const vms = (own.length > 0 ? own : membersOf(from, members)).flatMap(({ machine }) => [
      "--vm",
      machine.id,
    ]);
    const places = [...new Set([from, subscriptionId])].flatMap((id) => ["--subscription", id]);
    return odcrCommand(["attach", ...places, "--group", groupId, ...vms]);
  }
  const units = lack === "repair" ? quantity : unitsFor(members);
  return resizeCommand({ groupId, reservation, quantity: units });
}

function membersOf(subscriptionId: string, members: Rows): AuditRow[] {
  return members.filter(({ machine }) => sameText(machine.subscriptionId, subscriptionId));
}

function unitsFor(members: Rows): number {
  return Math.max(members[0].held?.allocated ?? 0, members.length);
}

function needs(members: Rows): string {
  const { lack, quantity = 0 } = members[0].held ?? {};
  if (lack === "repair") return `needs its quantity of ${quantity} set again`;
  if (lack === "reservation") return "needs a reservation";
  return lack === "date" ? "holds nothing until it is Live" : `needs ${unitsFor(members)} units`;
}
