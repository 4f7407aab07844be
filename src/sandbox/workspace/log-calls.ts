import type { Call } from "../http.ts";

const QUERY = /^\/v1\/workspaces\/([^/]+)\/query$/i;

/** The GUID of the workspace that a request asks; undefined when it is for another service. */
export function askedWorkspace({ path }: Pick<Call, "path">): string | undefined {
  return QUERY.exec(path)?.[1];
}

/** Whether the rows of workspaces are needed for an answer. */
export function needsLogs(url: string): boolean {
  return /\/workspaces\/[^/]+\/(query|tables)(\?|$)/i.test(url);
}
