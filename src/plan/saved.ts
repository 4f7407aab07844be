import { open, readFile, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError } from "../errors.ts";
import { PLAN_FORMAT } from "./format.ts";
import { Plan } from "./plan.ts";

/** Writes a plan for `azwise apply FILE`, relative to `cwd`; readable by its owner only. */
export async function savePlan(file: string, plan: Plan, cwd: string): Promise<void> {
  const path = resolve(cwd, file);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(plan, null, 2)}\n`);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    // Where nothing could be written there is nothing to remove either.
    await rm(temporary, { force: true }).catch(() => {});
    throw new AppError("usage", `cannot write the plan to ${file}`, {
      hint: "give --out a writable path",
      cause,
    });
  }
}

/** Reads a saved plan; anything that is not exactly a plan of this version is refused before it can do harm. */
export async function loadPlan(file: string, cwd: string): Promise<Plan> {
  const value = parse(await read(file, cwd), file);
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version !== PLAN_FORMAT) {
    throw new AppError(
      "usage",
      `${file} has plan format ${version}; this azwise reads format ${PLAN_FORMAT}`,
      {
        hint: "make the plan again with this version",
      },
    );
  }
  const parsed = Plan.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new AppError("usage", `${file} is not a plan${where === "" ? "" : `: ${where} is wrong`}`, {
    hint: "make it again with --out",
  });
}

async function read(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new AppError("usage", `cannot read the plan ${file}`, {
      hint: "give the path that --out wrote",
      cause,
    });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("usage", `${file} is damaged: it is not JSON`, {
      hint: "make it again with --out",
      cause,
    });
  }
}
