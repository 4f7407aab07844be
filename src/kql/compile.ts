import { arithmetic } from "./arithmetic.ts";
import { compileBinary, equality } from "./binary.ts";
import type { Compiled, Scalar, Scope } from "./compiled.ts";
import type { Takes } from "./function.ts";
import { FUNCTIONS } from "./functions.ts";
import { QueryError, type Expression, type Place } from "./syntax.ts";
import { textTest } from "./text-operators.ts";
import { isNumber, toText, type KqlType, type Value } from "./values.ts";

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** Resolves names and types before any row is read; throws QueryError at what does not fit. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case "literal":
      return constant(expression);
    case "column":
      return compileColumn(expression, scope);
    case "property":
      return compileProperty(expression, scope);
    case "index":
      return compileIndex(expression, scope);
    case "call":
      return compileCall(expression, scope);
    case "negate":
      return compileNegation(compile(expression.of, scope), expression.place);
    case "binary":
      return compileBinary(expression, compile(expression.left, scope), compile(expression.right, scope));
    case "in":
      return compileMembership(expression, scope);
    case "between":
      return compileBetween(expression, scope);
    case "star":
      throw new QueryError("a star cannot stand here", expression.place);
  }
}

function constant({ type, value }: Scalar): Compiled {
  return { type, of: () => value };
}

function compileColumn({ name, place }: Of<"column">, scope: Scope): Compiled {
  const index = scope.columns.findIndex((each) => each.name === name);
  const column = scope.columns[index];
  if (column) return { type: column.type, of: (row) => row[index] ?? null };
  const scalar = scope.scalars.get(name);
  if (scalar) return constant(scalar);
  throw new QueryError(`there is no column '${name}'`, place);
}

function compileDynamic(expression: Expression, place: Place, scope: Scope): Compiled {
  const compiled = compile(expression, scope);
  if (compiled.type === "dynamic") return compiled;
  throw new QueryError(`a ${compiled.type} has no parts, only dynamic has`, place);
}

function compileProperty({ of, name, place }: Of<"property">, scope: Scope): Compiled {
  const whole = compileDynamic(of, place, scope);
  return { type: "dynamic", of: (row) => propertyOf(whole.of(row), name) };
}

function compileIndex({ of, index, place }: Of<"index">, scope: Scope): Compiled {
  const whole = compileDynamic(of, place, scope);
  const at = compile(index, scope);
  return {
    type: "dynamic",
    of: (row) => {
      const [value, key] = [whole.of(row), at.of(row)];
      if (typeof key === "string") return propertyOf(value, key);
      return Array.isArray(value) && typeof key === "number" ? ((value.at(key) ?? null) as Value) : null;
    },
  };
}

function propertyOf(value: Value, name: string): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.hasOwn(value, name) ? (((value as Record<string, unknown>)[name] ?? null) as Value) : null;
}

function compileNegation(of: Compiled, place: Place): Compiled {
  const zero: Value = of.type === "timespan" ? 0n : 0;
  const operation =
    of.type === "timespan" || isNumber(of.type) ? arithmetic("-", of.type, of.type) : undefined;
  if (!operation) throw new QueryError(`a ${of.type} cannot be negative`, place);
  return {
    type: operation.type,
    of: (row) => {
      const value = of.of(row);
      return value === null ? null : operation.of(zero, value);
    },
  };
}

/** The column where the table has one of this name, and a value in its place where it has none. */
function compileColumnIfExists({ name, args, place }: Of<"call">, scope: Scope): Compiled {
  const [column, otherwise, ...more] = args;
  if (column?.kind !== "literal" || typeof column.value !== "string" || !otherwise || more.length > 0) {
    throw new QueryError(`'${name}' takes the name of a column in quotes and a value`, place);
  }
  const has = scope.columns.some((each) => each.name === column.value);
  return has
    ? compileColumn({ kind: "column", name: column.value, place }, scope)
    : compile(otherwise, scope);
}

function compileCall({ name, args, place }: Of<"call">, scope: Scope): Compiled {
  if (name === "column_ifexists") return compileColumnIfExists({ kind: "call", name, args, place }, scope);
  const known = FUNCTIONS.get(name);
  if (!known) throw new QueryError(`the function '${name}' is not spoken here`, place);
  if (args.length < known.least || args.length > known.most) {
    throw new QueryError(`'${name}' takes ${known.least} to ${known.most} arguments`, place);
  }
  const compiled = args.map((each) => compile(each, scope));
  const types = compiled.map(({ type }) => type);
  checkTypes({ name, takes: known.takes, types, place });
  const type = typeof known.type === "string" ? known.type : known.type(types, args);
  if (type === undefined) throw new QueryError(`'${name}' does not go with ${types.join(", ")}`, place);
  const context = { types, type, now: scope.now, place };
  return {
    type,
    of: (row) =>
      known.apply(
        compiled.map((each) => each.of(row)),
        context,
      ),
  };
}

interface Called {
  name: string;
  takes: readonly Takes[] | undefined;
  types: readonly KqlType[];
  place: Place;
}

/** Throws QueryError at a function with an argument of a wrong type. */
export function checkTypes({ name, takes, types, place }: Called): void {
  if (!takes) return;
  for (const [index, type] of types.entries()) {
    const wanted = takes[Math.min(index, takes.length - 1)] ?? "any";
    if (!fits(type, wanted)) {
      throw new QueryError(`argument ${index + 1} of '${name}' is ${type}, and must be ${wanted}`, place);
    }
  }
}

function fits(type: KqlType, wanted: Takes): boolean {
  if (wanted === "any" || type === wanted) return true;
  if (wanted === "text") return type === "string" || type === "dynamic";
  return isNumber(type) && (wanted === "number" || isNumber(wanted));
}

function compileMembership(expression: Of<"in">, scope: Scope): Compiled {
  const { operator, place } = expression;
  const left = compile(expression.left, scope);
  const options = optionsOf(expression, scope);
  const isNegated = operator.startsWith("!");
  const name = operator.replace("!", "");
  const fitsAll = name === "has_all";
  const test = name === "in" ? undefined : textTest(name === "in~" ? "=~" : "has");
  const unfit = (type: KqlType): never => {
    throw new QueryError(`'${operator}' does not go with ${left.type} and ${type}`, place);
  };
  const judged = options.map(({ type, of }) => ({
    type,
    of,
    equals: test ? () => false : (equality(left.type, type) ?? unfit(type)),
  }));
  return {
    type: "bool",
    of: (row) => {
      const value = left.of(row);
      const asText = test ? toText(value, left.type) : "";
      const isMatch = ({ of, type, equals }: (typeof judged)[number]): boolean => {
        const fits = (each: Value): boolean => {
          if (test) return test(asText, toText(each, type));
          return value !== null && each !== null && equals(value, each);
        };
        const members = valuesOf(of(row));
        return fitsAll ? members.every(fits) : members.some(fits);
      };
      return (fitsAll ? judged.every(isMatch) : judged.some(isMatch)) !== isNegated;
    },
  };
}

/** A list in a dynamic value stands for its members. */
function valuesOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as Value[]) : [value];
}

/** What stands in the brackets: values, or one name of a table whose values are meant. */
function optionsOf({ options }: Of<"in">, scope: Scope): Compiled[] {
  return options.flatMap((each) => {
    const isName = each.kind === "column" && !scope.columns.some(({ name }) => name === each.name);
    const list = isName ? scope.listOf(each.name) : undefined;
    if (!list) return [compile(each, scope)];
    return list.values.map((value) => constant({ type: list.type, value }));
  });
}

/** Both ends belong to it; where the end is a timespan it is counted from the beginning. */
function compileBetween({ isNegated, of, from, to, place }: Of<"between">, scope: Scope): Compiled {
  const [value, low, high] = [of, from, to].map((each) => compile(each, scope)) as [
    Compiled,
    Compiled,
    Compiled,
  ];
  const isSpan = low.type === "datetime" && high.type === "timespan";
  const last: Compiled = isSpan
    ? compileBinary({ kind: "binary", operator: "+", left: from, right: to, place }, low, high)
    : high;
  const compareTo = (operator: string, end: Compiled, other: Expression): Compiled =>
    compileBinary({ kind: "binary", operator, left: of, right: other, place }, value, end);
  const inside = compileBinary(
    { kind: "binary", operator: "and", left: of, right: of, place },
    compareTo(">=", low, from),
    compareTo("<=", last, to),
  );
  if (!isNegated) return inside;
  return {
    type: "bool",
    of: (row) => {
      const is = inside.of(row);
      return typeof is === "boolean" ? !is : null;
    },
  };
}
