import { join } from "node:path";
import type { Context } from "../../context.ts";

/** Where the sandbox's world is kept between commands. */
export function worldPath(ctx: Pick<Context, "folders">): string {
  return join(ctx.folders.state, "sandbox", "world.json");
}
