import manifest from "../package.json" with { type: "json" };

export const { version } = manifest;

/** Who made a plan, and when. */
export function createdBy(now: Date): string {
  return `azwise ${version} ${now.toISOString()}`;
}
