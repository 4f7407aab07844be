import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import type { Context } from "../../../src/context.ts";
import type { Json } from "../../../src/json.ts";
import type { Look } from "../../../src/topics/kql/watch/loop.ts";
import { watch } from "../../../src/topics/kql/watch.ts";
import { openDriver, type Driver, type TestHost } from "../../harness.ts";

/** One line of a log: when it was written, and when it can be asked for. */
export interface Line {
  at: number;
  seen?: number;
  text: string;
}

type Reply = { status: number; body?: unknown };

export interface Scene extends Driver {
  /** What was written out, by text. */
  told: string[];
  said: string[];
  asked: { from: number; until: number }[];
  watch(words?: Record<string, unknown>, other?: Partial<Context>): Promise<Look>;
}

interface SceneOptions {
  lines?: readonly Line[];
  /** In place of the rows, by the number of the question and its text. */
  replies?: (question: number, rows: Json[][], text: string) => Reply | undefined;
  follow?: Context["follow"];
  host?: TestHost;
}

const COLUMNS = ["TimeGenerated", "App", "Message"].map((name) => ({
  name,
  type: name === "TimeGenerated" ? "datetime" : "string",
}));

export function answerOf(rows: Json[][], extra: object = {}): Reply {
  return { status: 200, body: { tables: [{ name: "PrimaryResult", columns: COLUMNS, rows }], ...extra } };
}

/** A workspace whose rows a test writes, asked by the real client. */
export async function openScene({ lines = [], replies, follow, host }: SceneOptions): Promise<Scene> {
  const driver = await openDriver(() => {}, host ? { host } : {});
  const scene: Pick<Scene, "told" | "said" | "asked"> = { told: [], said: [], asked: [] };
  driver.open.intercept(async (request, pass) => {
    if (!request.url.includes("/query")) return pass(request);
    const { timespan, query } = JSON.parse(String(request.body)) as { timespan: string; query: string };
    const [from = 0, until = 0] = timespan.split("/").map((each) => Date.parse(each));
    scene.asked.push({ from, until });
    const now = driver.open.sandbox.now().getTime();
    const rows = lines
      .filter(({ at, seen = at }) => at >= from && at < until && seen <= now)
      .map(({ at, text }): Json[] => [new Date(at).toISOString(), "shop-api", text]);
    return toResponse(request, replies?.(scene.asked.length, rows, query) ?? answerOf(rows));
  });
  const take: Context["follow"] = async ({ rows }) => {
    scene.told.push(...rows.map((row) => String(row[2])));
    return true;
  };
  const ctx: Context = { ...driver.ctx, follow: follow ?? take, say: (text) => void scene.said.push(text) };
  return {
    ...driver,
    ...scene,
    ctx,
    watch: async (words = {}, other = {}) => {
      const input = {
        name: "container-console-errors",
        workspace: "logs-shop",
        flavour: "log-analytics",
        ...words,
      };
      return (await watch.run(watch.input.parse(input), { ...ctx, ...other })) as Look;
    },
  };
}

function toResponse(request: PipelineRequest, { status, body }: Reply): PipelineResponse {
  const headers = createHttpHeaders({ "content-type": "application/json" });
  return { request, status, headers, bodyAsText: body === undefined ? "" : JSON.stringify(body) };
}
