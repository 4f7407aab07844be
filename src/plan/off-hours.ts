import * as z from "zod";

/** Hours outside of business in one time zone; Saturdays and Sundays belong to them as a whole. */
export const OffHours = z.object({
  timeZone: z.string().refine(isTimeZone, "not a time zone"),
  /** From this hour of the day on, 0 to 23. */
  fromHour: z.int().min(0).max(23),
  /** Until this hour, often of the next day. */
  toHour: z.int().min(0).max(23),
});
export type OffHours = z.infer<typeof OffHours>;

export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Every clock in the world is set by a multiple of it, so hours begin nowhere else. */
const STEP_MS = 15 * 60_000;

/** The first moment within the hours, not before `from` nor after `until`; undefined when there is none. */
export function firstOpening(hours: OffHours | undefined, from: Date, until: Date): Date | undefined {
  const isOpen = openingIn(hours);
  for (let at = from.getTime(); at <= until.getTime(); at = (Math.floor(at / STEP_MS) + 1) * STEP_MS) {
    if (isOpen(at)) return new Date(at);
  }
  return undefined;
}

function openingIn(hours: OffHours | undefined): (at: number) => boolean {
  if (!hours) return () => true;
  const { timeZone, fromHour, toHour } = hours;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = format.formatToParts(at);
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
    if (part("weekday").startsWith("S")) return true;
    const hour = Number(part("hour"));
    const isAfter = hour >= fromHour;
    const isBefore = hour < toHour;
    return fromHour < toHour ? isAfter && isBefore : isAfter || isBefore;
  };
}
