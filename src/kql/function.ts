import type { Expression, Place } from "./syntax.ts";
import type { KqlType, Value } from "./values.ts";

/** What an argument must be; `text` is string or dynamic, `number` any of the numbers. */
export type Takes = KqlType | "any" | "text" | "number";

export interface CallContext {
  /** Of the arguments. */
  types: readonly KqlType[];
  /** Of the result. */
  type: KqlType;
  /** In ticks. */
  now: bigint;
  place: Place;
}

export interface KqlFunction {
  least: number;
  most: number;
  /** Of each argument; the last one is of all that follow. */
  takes?: readonly Takes[];
  /** Undefined where the arguments do not go together. */
  type: KqlType | ((types: readonly KqlType[], args: readonly Expression[]) => KqlType | undefined);
  apply(args: readonly Value[], context: CallContext): Value;
}

export type Functions = Readonly<Record<string, KqlFunction>>;

/** A function of one argument. */
export function one(
  takes: Takes,
  type: KqlType,
  apply: (value: Value, context: CallContext) => Value,
): KqlFunction {
  return {
    least: 1,
    most: 1,
    takes: [takes],
    type,
    apply: ([value = null], context) => apply(value, context),
  };
}

/** A function of one argument that says nothing of a missing one. */
export function known(takes: Takes, type: KqlType, apply: (value: Value) => Value): KqlFunction {
  return one(takes, type, (value) => (value === null ? null : apply(value)));
}
