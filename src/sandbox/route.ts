import type { Call, Reply } from "./http.ts";

export interface Route {
  method: string;
  /** Literal segments match without regard to case; `{name}` is a parameter. */
  path: string;
  versions: readonly string[];
  /** What a role must grant at the resource of the path; nothing for reads. */
  action?: string;
  answer(call: Call): Reply;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** Routes whose path fits, whatever their method. */
export function matchPath(routes: readonly Route[], path: string): Match[] {
  const segments = path.split("/");
  return routes.flatMap((route) => {
    const params = matchSegments(route.path.split("/"), segments);
    return params ? [{ route, params }] : [];
  });
}

function matchSegments(wanted: string[], given: string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const have = given[index] ?? "";
    if (want.startsWith("{")) params[want.slice(1, -1)] = have;
    else if (want.toLowerCase() !== have.toLowerCase()) return undefined;
  }
  return params;
}
