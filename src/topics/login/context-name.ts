import type { Config } from "../../azure/settings.ts";
import { nearestIds } from "../../docs/nearest.ts";
import { AppError } from "../../errors.ts";

/** What to say of a context that is not in the configuration. */
export function unknownContext(name: string, { contexts = {} }: Config): AppError {
  const names = Object.keys(contexts);
  const hint =
    names.length === 0
      ? "there is none yet: azwise login --tenant <tenant> makes one"
      : `did you mean ${nearestIds(name, names).join(", ")}? azwise login contexts shows all`;
  return new AppError("usage", `there is no context "${name}"`, { hint });
}
