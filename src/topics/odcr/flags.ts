import * as z from "zod";
import { parseResourceId } from "../../resource-id.ts";
import type { Flag } from "../../verb.ts";
import type { SlotWish } from "./resize-plan.ts";

/** k=v as az takes it; the value may be empty. */
export const Tag = z.string().transform((text, check) => {
  const at = text.indexOf("=");
  if (at > 0) return { key: text.slice(0, at), value: text.slice(at + 1) };
  check.addIssue({ code: "custom", message: `"${text}" is not key=value` });
  return z.NEVER;
});

export const Zone = z.string().regex(/^([1-9]|regional)$/, 'a zone is a number, or "regional"');

export const Location = z
  .string()
  .transform((text) => text.replaceAll(" ", "").toLowerCase())
  .pipe(z.string().regex(/^[a-z0-9]+$/, "a location is a name such as eastus2"));

export const Size = z.string().regex(/^[a-z0-9_-]+$/i, "a size is a name such as D16s_v6");

export const Quantity = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, "a quantity is a whole number from 1 to 9999")
  .transform(Number);

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "10m", "12h" or "7d" in milliseconds. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, "use minutes, hours or days: 10m, 12h, 7d")
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.slice(-1)] ?? 0));

/** 18-7: hours of the day, the second one often of the next. */
export const Hours = z.string().transform((text, check) => {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const hours = { fromHour: Number(from), toHour: Number(to) };
  if (hours.fromHour < 24 && hours.toHour < 24 && hours.fromHour !== hours.toHour) return hours;
  check.addIssue({ code: "custom", message: `"${text}" is not two hours from 0 to 23, such as 18-7` });
  return z.NEVER;
});

/** zone=3,size=D8s_v5: what another choice has instead. */
export const Alternative = z.string().transform((text, check) => {
  const pairs = text.split(",").map((part) => part.split("="));
  const parsed = AlternativeParts.safeParse(Object.fromEntries(pairs));
  const isOnce = parsed.success && Object.keys(parsed.data).length === pairs.length;
  if (isOnce && pairs.every(({ length }) => length === 2)) return parsed.data;
  const message = `"${text}" is not zone=<n|regional>, size=<size> or location=<name>, each once`;
  check.addIssue({ code: "custom", message });
  return z.NEVER;
});

const AlternativeParts = z.strictObject({
  zone: Zone.exactOptional(),
  size: Size.exactOptional(),
  location: Location.exactOptional(),
});

/** The prefix may be left out when a size is typed. */
export function fullSize(size: string): string {
  return /^standard_/i.test(size) ? size : `Standard_${size}`;
}

/** How many VMs of a pool keep its service up. */
export const Minimum = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "a minimum is a whole number of VMs, 1 or more")
  .transform(Number);

const GROUP_TYPE = "microsoft.compute/capacityreservationgroups";
const GROUP_NAME = /^[a-z0-9_][a-z0-9_.-]{0,78}[a-z0-9_]$|^[a-z0-9]$/i;

/** Name or id of a capacity reservation group. */
export const Group = z.string().superRefine((text, check) => {
  if (text.includes("/") ? parseResourceId(text)?.type === GROUP_TYPE : GROUP_NAME.test(text)) return;
  check.addIssue({
    code: "custom",
    message: `"${text}" is not the name or id of a capacity reservation group`,
  });
});

const SCALE_SET_TYPE = "microsoft.compute/virtualmachinescalesets";

/** Name or id of a scale set. */
const ScaleSet = z
  .string()
  .min(1, "a scale set has a name")
  .refine((text) => !text.includes("/") || parseResourceId(text)?.type === SCALE_SET_TYPE, {
    error: ({ input }) => `"${String(input)}" is not the name or id of a scale set`,
  });

/** zone=1,size=D4s_v5, or the name of a reservation. */
export const SlotWord = z.string().transform((text, check): SlotWish => {
  if (!text.includes("=")) return { name: text };
  const pairs = text.split(",").map((part) => part.split("="));
  const wish = Object.fromEntries(pairs) as Record<string, string | undefined>;
  const isOnce = Object.keys(wish).length === pairs.length;
  const isKnown =
    isOnce &&
    pairs.every(([key, value, more]) => /^(zone|size)$/.test(key ?? "") && value && more === undefined);
  if (isKnown && (wish["zone"] === undefined || Zone.safeParse(wish["zone"]).success)) return wish;
  check.addIssue({
    code: "custom",
    message: `"${text}" is not zone=<n|regional>,size=<size> or a reservation's name`,
  });
  return z.NEVER;
});

/** Which of these states make a run exit 3: some of them, separated by commas, or none. */
export function gateOf<State extends string>(known: readonly State[]): z.ZodType<State[]> {
  return z.string().transform((text, check): State[] => {
    if (text === "none") return [];
    const words = text.split(",").map((word) => word.trim());
    const states = words.flatMap((word) => known.filter((state) => state === word));
    if (states.length === words.length) return states;
    check.addIssue({ code: "custom", message: `use none, or any of ${known.join(",")}` });
    return z.NEVER;
  });
}

/** Whether all wanted tags are there. Tag names compare without regard to case, tag values with it. */
export function hasTags(
  tags: Record<string, string>,
  wanted: readonly { key: string; value: string }[],
): boolean {
  return wanted.every(({ key, value }) =>
    Object.entries(tags).some(([name, each]) => name.toLowerCase() === key.toLowerCase() && each === value),
  );
}

export const VM: Flag = {
  flag: "--vm <name|id|->",
  summary: "a VM; repeatable; - reads names or ids from stdin, as does giving no selector",
  repeat: true,
};

export const SCALE_SET: Flag = {
  flag: "--scale-set <name|id>",
  summary: "VMs of this flexible scale set",
  once: true,
};

export const TAG: Flag = {
  flag: "--tag <key=value>",
  summary: "VMs with this tag; repeatable, all must match",
  repeat: true,
};

/** The input of the selectors; see selectionOf. */
export const SELECTED = {
  vm: z.array(z.string().min(1)).default([]),
  resourceGroup: z.string().min(1).optional(),
  scaleSet: ScaleSet.optional(),
  tag: z.array(Tag).default([]),
  zone: z.array(Zone).default([]),
  size: z.array(z.string().min(1)).default([]),
};

/** What VMs a verb is about; they narrow each other. */
export const SELECTORS: readonly Flag[] = [
  VM,
  { flag: "--resource-group <name>", summary: "VMs of this resource group" },
  SCALE_SET,
  TAG,
  { flag: "--zone <n|regional>", summary: "VMs in this zone; repeatable", repeat: true },
  { flag: "--size <size>", summary: "VMs of this size; repeatable", repeat: true },
];
