import type { ShowResult } from "./show.ts";
import { isCreating } from "./replicas.ts";

/** What a registry stores and what is billed for it, in bytes. */
export interface Storage {
  used: number;
  /** Undefined means no limit. */
  quota: number | undefined;
  /** Replicas that hold the content; those being created are left out. */
  replicas: number;
  billed: number;
}

/** Undefined when the usages could not be read, or do not tell it. */
export function storageOf({
  usages,
  replicas,
}: Pick<ShowResult, "usages" | "replicas">): Storage | undefined {
  const size = "value" in usages ? usages.value.find(({ name }) => name === "Size") : undefined;
  if (!size) return undefined;
  const holding = replicas.filter((each) => !isCreating(each)).length;
  return { used: size.current, quota: size.limit, replicas: holding, billed: size.current * holding };
}

/** "175.0 GiB". */
export function gibText(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
