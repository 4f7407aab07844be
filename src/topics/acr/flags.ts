import * as z from "zod";
import { parseResourceId } from "../../resource-id.ts";

const REGISTRY_TYPE = "microsoft.containerregistry/registries";
const REGISTRY_NAME = /^[a-z0-9]{5,50}$/i;
const HOST_NAME = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/i;

/** Name, id, or one of the hosts of a container registry. */
export const RegistryWord = z
  .string()
  .refine(
    (text) =>
      text.includes("/")
        ? parseResourceId(text)?.type === REGISTRY_TYPE
        : REGISTRY_NAME.test(text) || HOST_NAME.test(text),
    { error: ({ input }) => `"${String(input)}" is not the name, id or host of a container registry` },
  );

/** Some of these words, separated by commas. */
export function someOf<Word extends string>(known: readonly Word[]): z.ZodType<Word[]> {
  return z.string().transform((text, check): Word[] => {
    const words = text.split(",").map((word) => word.trim());
    const found = words.flatMap((word) => known.filter((each) => each === word));
    if (found.length === words.length) return [...new Set(found)];
    check.addIssue({ code: "custom", message: `use any of ${known.join(",")}` });
    return z.NEVER;
  });
}

/** A region as Azure writes it in paths and host names. */
export const Region = z
  .string()
  .regex(/^[a-z][a-z0-9]+$/, "a region is written like westeurope, without blanks and capitals");

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** "30s", "5m" or "1h" in milliseconds. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[smh]$/, "use seconds, minutes or hours: 30s, 5m, 1h")
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.slice(-1)] ?? 0));

/** What is asked for of a registry: a repository, and which of its images if one was named. */
export interface ImageWanted {
  repository: string;
  /** Tag or digest. */
  reference: string | undefined;
}

const IMAGE =
  /^([a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))?$/;

/** REPO, REPO:TAG or REPO@sha256:…, without a host. */
export const ImageWord = z.string().transform((text, check): ImageWanted => {
  const [, repository, tag, digest] = IMAGE.exec(text) ?? [];
  if (repository !== undefined) return { repository, reference: tag ?? digest };
  check.addIssue({
    code: "custom",
    message: `"${text}" is no image: use REPO, REPO:TAG or REPO@sha256:…, without a host`,
  });
  return z.NEVER;
});
