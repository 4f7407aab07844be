import type { CapacityReservationGroup } from "../../azure/ports.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import {
  carryOut as carryOutPlan,
  type CarriedOut as CarriedOutPlan,
  type How as HowOfPlan,
  type Planned,
} from "../../plan/carry-out.ts";
import { readGroups } from "./read.ts";

/** What became of a plan, and of the groups it is about. */
export interface CarriedOut extends CarriedOutPlan {
  /** The groups as they are after applying. */
  after?: CapacityReservationGroup[];
  /** Why they could not be read. */
  unread?: string;
}

export interface How extends HowOfPlan {
  /** Read again in the end. */
  groupIds: readonly string[];
}

/** As for any plan; once it was applied, its groups are read again. */
export async function carryOut(planned: Planned, how: How, ctx: Context): Promise<CarriedOut> {
  const result = await carryOutPlan(planned, how, ctx);
  return result.report ? { ...result, ...(await readAfter(how.groupIds, ctx)) } : result;
}

/** The report is worth more than the state after it, so a read that fails now must not hide it. */
async function readAfter(
  ids: readonly string[],
  ctx: Context,
): Promise<Pick<CarriedOut, "after" | "unread">> {
  try {
    return { after: await readGroups([...new Set(ids)], [], ctx) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { unread: error.message };
  }
}
