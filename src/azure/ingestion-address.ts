import { AppError } from "../errors.ts";

/**
 * The address that events may go to. Whoever is sent events sees what is in them, and gets a token: so its host has to end
 * with one of the suffixes (`Ingestion.suffix`). Throws AppError "usage" for any other one.
 */
export function requireAddress(endpoint: string, suffixes: readonly string[]): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isOurs = suffixes.some((suffix) => url?.host.endsWith(suffix));
  if (url?.protocol === "https:" && isOurs && url.username === "") return url;
  throw new AppError("usage", "the address is no ingestion address of this cloud; nothing was sent", {
    hint: `an address begins with https:// and its host ends with ${suffixes.join(" or ")}; check --endpoint and --cloud`,
  });
}
