import { readFileSync } from "node:fs";
import { reply, type Reply } from "./wire.ts";

/** A body in the shape that Azure really sends; names and ids are invented. */
export function recorded(name: string): Record<string, unknown> {
  const file = new URL(`../../fixtures/recorded/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
}

/** As Compute prints single resources, or compact as lists are. */
export function answerOf(name: string): Reply {
  const body = recorded(name);
  if ("value" in body) return reply(200, body);
  const text = JSON.stringify(body, null, 2).replaceAll("\n", "\r\n");
  return { ...reply(200, text), headers: { "content-type": "application/json; charset=utf-8" } };
}
