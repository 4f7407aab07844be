import * as z from "zod";
import type { RegionHost, Registry } from "../../azure/registry-ports.ts";
import { AppError } from "../../errors.ts";
import { Region } from "./flags.ts";
import { withoutHosts } from "./obstacles.ts";

/** A region for the files of one kube context. */
interface MapEntry {
  context: string;
  region: string;
}

/** `prod-eu=westeurope`; a context may have an equals sign in its name. */
export const MapWord = z.string().transform((text, check): MapEntry => {
  const at = text.lastIndexOf("=");
  const [context, region] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (context !== "" && Region.safeParse(region).success) return { context, region };
  check.addIssue({ code: "custom", message: `"${text}" is not written like prod-eu=westeurope` });
  return z.NEVER;
});

/** One region for all files, or one by their paths. */
interface RegionWish {
  region: string | undefined;
  map: readonly MapEntry[];
}

/** Where the images of a file are to come from. Throws AppError "usage" when no entry says so, or several differ. */
export function regionFor(file: string, { region, map }: RegionWish): string {
  if (region !== undefined) return region;
  const words = wordsOf(file);
  const found = map.filter(({ context }) => words.includes(context));
  const [wanted, another] = new Set(found.map((each) => each.region));
  if (wanted !== undefined && another === undefined) return wanted;
  const contexts = found.map(({ context }) => context).join(" and ");
  const what = wanted === undefined ? `no --map names ${file}` : `${file} is of ${contexts}`;
  throw new AppError("usage", `${what}, so its region is not known`, {
    hint: "--map NAME=REGION is for files in a folder NAME, or called NAME.yaml or values-NAME.yaml",
  });
}

/** Folders of a path, and its file without the ending. */
function wordsOf(file: string): string[] {
  const parts = file.split(/[\\/]/);
  const stem = (parts.pop() ?? "").replace(/\.[^.]*$/, "");
  return [...parts, stem, stem.replace(/^values[-.]/, "")];
}

/** Hosts by region. Throws AppError "usage" unless the registry has a regional host in each of these. */
export function regionalHosts(registry: Registry, regions: readonly string[]): Map<string, RegionHost> {
  if (registry.regionalHosts.length === 0) throw withoutHosts(registry);
  const hosts = new Map(registry.regionalHosts.map((each) => [each.region, each]));
  const missing = regions.find((region) => !hosts.has(region));
  if (missing === undefined) return hosts;
  throw new AppError("usage", `${registry.name} has no regional host in ${missing}`, {
    hint: `it has them in ${[...hosts.keys()].join(", ")}`,
    because: ["azure-wire/acr-hosts-are-read"],
  });
}
