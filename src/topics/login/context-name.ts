import type { Config } from "../../azure/settings.ts";
import { isNear, nearestIds } from "../../docs/nearest.ts";
import { AppError } from "../../errors.ts";

/** What to say of a context that is not in the configuration. */
export function unknownContext(name: string, { contexts = {} }: Config): AppError {
  const names = Object.keys(contexts);
  const near = nearestIds(name, names).filter((each) => isNear(name, each));
  const meant = near.length === 0 ? "" : `did you mean ${near.join(", ")}? `;
  const hint =
    names.length === 0
      ? "there is none yet: azwise login --tenant <tenant> makes one"
      : `${meant}azwise login contexts shows all`;
  return new AppError("usage", `there is no context "${name}"`, { hint });
}
