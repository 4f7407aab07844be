import * as z from "zod";
import type { VirtualMachine } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { verb } from "../../verb.ts";
import { judgeCheck, type AskedSlot, type Finding } from "./check-judge.ts";
import { readCheckState } from "./check-read.ts";
import { viewCheck } from "./check-view.ts";
import { fullSize, Group, Location, Quantity, SCALE_SET, SELECTED, Size, TAG, VM } from "./flags.ts";
import { selectionOf, selectMachines } from "./select.ts";
import { isAllocated, slotKey, slotOf } from "./slots.ts";

const CheckInput = z
  .object({
    ...SELECTED,
    size: z.array(Size).default([]),
    location: Location.optional(),
    quantity: Quantity.optional(),
    group: Group.optional(),
  })
  .superRefine(({ size, location, quantity, vm, scaleSet, tag }, check) => {
    const wrong = (key: string, message: string): void =>
      check.addIssue({ code: "custom", path: [key], message });
    if (location === undefined) {
      if (quantity !== undefined) wrong("quantity", "goes with --location; VMs are counted");
      return;
    }
    if (size.length === 0) wrong("size", "say which size is asked about");
    if (vm.length > 0) wrong("vm", "selects existing VMs, so leave out --location");
    if (scaleSet !== undefined) wrong("scaleSet", "selects existing VMs, so leave out --location");
    if (tag.length > 0) wrong("tag", "selects existing VMs, so leave out --location");
  });
type CheckInput = z.infer<typeof CheckInput>;

export interface CheckResult {
  findings: Finding[];
  /** Existing VMs were asked about. */
  aboutMachines: boolean;
}

async function runCheck(input: CheckInput, ctx: Context): Promise<CheckResult> {
  const { location, group, resourceGroup } = input;
  const machines = location === undefined ? await selectMachines(selectionOf(input), ctx) : [];
  const slots = location === undefined ? slotsOf(machines) : slotsAt(location, input);
  const state = await readCheckState({ slots, machines, group, resourceGroup }, ctx);
  return { findings: judgeCheck(state), aboutMachines: location === undefined };
}

function slotsAt(location: string, { size, zone, quantity = 1 }: CheckInput): AskedSlot[] {
  const zones = zone.length === 0 ? ["regional"] : zone;
  const asked = size.flatMap((each) =>
    zones.map((place) => ({
      location,
      zone: place === "regional" ? undefined : place,
      size: fullSize(each),
      units: quantity,
      counted: 0,
    })),
  );
  return [...new Map(asked.map((slot) => [slotKey(slot), slot])).values()];
}

/** One unit for each VM. Those that hold hardware, or are in a group already, count against quota now. */
function slotsOf(machines: readonly VirtualMachine[]): AskedSlot[] {
  const slots = new Map<string, AskedSlot>();
  for (const machine of machines) {
    const slot = slotOf(machine);
    const { units, counted } = slots.get(slotKey(slot)) ?? { units: 0, counted: 0 };
    const counts = isAllocated(machine) || machine.groupId !== undefined;
    slots.set(slotKey(slot), { ...slot, units: units + 1, counted: counted + Number(counts) });
  }
  return [...slots.values()].sort((left, right) => slotKey(left).localeCompare(slotKey(right)));
}

export const check = verb({
  name: "check",
  summary: "What can be known before anything changes",
  examples: [
    "odcr check --size D16s_v6 --location canadacentral --zone 1 --zone 2 --quantity 4",
    "odcr check --size E8s_v5 --location eastus2 --group crg-shop",
    "odcr check --resource-group rg-shop-prod",
  ],
  flags: [
    { flag: "--size <size>", summary: "the size, or VMs of this size; repeatable", repeat: true },
    { flag: "--location <name>", summary: "where it is to be reserved; leave it out to ask about VMs" },
    { flag: "--zone <n|regional>", summary: "the zone, or VMs in it; repeatable", repeat: true },
    { flag: "--quantity <n>", summary: "further units in each slot (default 1)" },
    { flag: "--group <name|id>", summary: "the capacity reservation group that would hold them" },
    VM,
    { flag: "--resource-group <name>", summary: "where the group would be made, or VMs of it" },
    SCALE_SET,
    TAG,
  ],
  details: `
Changes nothing. All yes exits 0, any no 3, otherwise cannot tell something 6.
No answer says that capacity is there: only trying tells.`,
  input: CheckInput,
  run: runCheck,
  view: viewCheck,
});
