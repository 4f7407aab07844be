import * as z from "zod";
import { isNear, nearestIds } from "../../../docs/nearest.ts";
import type { LogColumn } from "../../../azure/log-ports.ts";
import type { Json, JsonObject } from "../../../json.ts";
import { bytesOf } from "./batch-plan.ts";

/** What one event may look like. */
export interface EventForm {
  columns: readonly LogColumn[];
  /** By column. */
  schema: z.ZodType;
  names: ReadonlySet<string>;
}

/** What was seen of one event. */
export interface EventCheck {
  problems: string[];
  /** Fields that no column is for. */
  unknown: string[];
  /** Fields of which the service keeps the beginning. */
  tooLong: string[];
  /** As it was written; undefined when it says none. */
  time: string | undefined;
}

/** A field is cut after this, without a word. */
const MOST_FIELD_BYTES = 65_536;
/** Their writer's words, so not to be told at any length. */
const LONGEST_NAME = 60;

export function eventForm(columns: readonly LogColumn[]): EventForm {
  const shape = Object.fromEntries(
    columns.map(({ name, type }) => [name, schemaOf(type).nullish()] as const),
  );
  return { columns, schema: z.looseObject(shape), names: new Set(columns.map(({ name }) => name)) };
}

function schemaOf(type: string): z.ZodType {
  const error = ({ input }: { input?: unknown }): string =>
    `is ${kindOf(input)}, and the column is ${type}${adviceFor(type, input)}`;
  switch (type) {
    case "string":
      return z.string({ error });
    case "datetime":
      return z.string({ error }).refine(isTime, { error: "is no time such as 2026-11-20T08:00:00Z" });
    case "int":
      return z.int32({ error });
    case "long":
      return z.int({ error });
    case "real":
    case "decimal":
      return z.number({ error });
    case "bool":
      return z.boolean({ error });
    case "guid":
      return z.guid({ error });
    default:
      return z.unknown();
  }
}

/** Values are the user's, so only their kind is told. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return Number.isInteger(value) ? "a whole number" : "a number";
    case "boolean":
      return "true or false";
    default:
      return "an object";
  }
}

function adviceFor(type: string, value: unknown): string {
  if (type === "string" && typeof value === "number") return ": put it in quotes";
  const isNumber = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
  if (["int", "long", "real"].includes(type) && isNumber) return ": leave the quotes out";
  return ["int", "long"].includes(type) && typeof value === "number" ? " and takes no such number" : "";
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/** Fields that tell how a run ended; the article's table and its example event differ in them. */
const STATUS = ["PipelineStatus", "ActivityStatus", "Status"];

/** What an event has to have, and which of its fields are lost. */
export function checkEvent(event: Json, form: EventForm): EventCheck {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    const kind = event === null ? "null" : kindOf(event);
    return { problems: [`is ${kind}, and no object`], unknown: [], tooLong: [], time: undefined };
  }
  const time = event["TimeGenerated"];
  return {
    problems: [...wrongTypes(event, form), ...missing(event, form)],
    unknown: Object.keys(event).filter((name) => !form.names.has(name)),
    tooLong: Object.keys(event).filter((name) => form.names.has(name) && isTooLong(event[name])),
    time: typeof time === "string" ? time : undefined,
  };
}

function wrongTypes(event: JsonObject, { schema }: EventForm): string[] {
  const { error } = schema.safeParse(event);
  return (error?.issues ?? []).map(({ path, message }) => `${String(path[0] ?? "it")} ${message}`);
}

function missing(event: JsonObject, { names }: EventForm): string[] {
  const problems: string[] = [];
  if (event["TimeGenerated"] === null) {
    problems.push("TimeGenerated is null: give a time, or leave it out for the time of sending");
  }
  if (names.has("PipelineName") && isEmpty(event["PipelineName"])) problems.push("PipelineName is missing");
  const errors = ["ErrorCode", "ErrorMessage"].filter((name) => names.has(name));
  if (errors.length > 0 && errors.every((name) => isEmpty(event[name])) && !isSuccess(event)) {
    problems.push(
      `${errors.join(" and ")} ${errors.length > 1 ? "are" : "is"} missing, which counts as a success: give one, or PipelineStatus Succeeded`,
    );
  }
  return problems;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** An event that ends an outage. */
function isSuccess(event: JsonObject): boolean {
  return STATUS.some((name) => /^succeeded$/i.test(String(event[name] ?? "")));
}

function isTooLong(value: Json | undefined): boolean {
  if (value === undefined || value === null || typeof value === "number") return false;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MOST_FIELD_BYTES / 4 && bytesOf(text) > MOST_FIELD_BYTES;
}

/** The name of a field that no column is for, with the column that was probably meant. */
export function tellUnknown(name: string, columns: readonly LogColumn[]): string {
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  const near = nearColumns(name, columns);
  return near.length === 0 ? shown : `${shown} (is ${near.join(" or ")} meant?)`;
}

function nearColumns(name: string, columns: readonly LogColumn[]): string[] {
  const names = columns.map((each) => each.name);
  if (STATUS.includes(name)) return STATUS.filter((each) => names.includes(each));
  return nearestIds(name, names, 1).filter((each) => name !== "" && isNear(name, each));
}
