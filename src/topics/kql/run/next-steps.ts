import { shellWord } from "../../../azure/shell-word.ts";
import type { Json } from "../../../json.ts";
import { findQuery } from "../catalogue/find-query.ts";
import type { NamedQuestion, Result } from "./result.ts";
import type { Window } from "../window.ts";
import { workspaceWords } from "../workspace-words.ts";

/** Which parameter, and which column of the answer, tells what stands for a word in the texts of `next`. */
const WORDS: readonly { word: string; parameter: string; column: string }[] = [
  { word: "NAME", parameter: "app", column: "App" },
  { word: "NAME", parameter: "environment", column: "Environment" },
  { word: "JOB", parameter: "job", column: "Job" },
  { word: "ADDRESS", parameter: "ip", column: "" },
];

/** An answer of a workspace, or of files. */
type Answered = Pick<Result, "answer"> & Partial<Pick<Result, "workspace">>;

/** What to do with the rows, with what is known of names, workspaces, the table and a window that was typed put in. */
export function nextSteps(
  { query, given }: NamedQuestion,
  results: readonly Answered[],
  typed?: Window,
): string[] {
  const answered = results.filter(({ answer }) => (answer?.count ?? 0) > 0);
  if (answered.length === 0) return [];
  const table = given.get(query.tableParameter ?? "");
  const asked = answered.flatMap(({ workspace }) => workspace ?? []);
  const workspaces = asked.length === 0 ? "--workspace W" : workspaceWords(asked);
  const own = table === undefined ? [] : ["--param", shellWord(`${query.tableParameter}=${table}`)];
  const where = [workspaces, ...own].join(" ");
  const parameters = query.parameters.map(({ name }) => name);
  const known = WORDS.filter(({ parameter }) => parameters.includes(parameter));
  return query.next.map((text) => {
    const placed = text.replaceAll(/(kql run ([\w-]+)) --workspace W\b/g, (_, run: string, name: string) =>
      [run, where, ...windowWords(name, typed)].join(" "),
    );
    return known.reduce((filled, { word, parameter, column }) => {
      const value = given.get(parameter) || onlyValue(answered, column);
      return value === undefined ? filled : putIn(filled, word, value);
    }, placed);
  });
}

/** Periods up to now are a window of their own. */
function windowWords(name: string, typed: Window | undefined): string[] {
  if (typed === undefined || findQuery(name).compares !== undefined) return [];
  return ["--since", typed.from.toISOString(), "--until", typed.until.toISOString()];
}

/** In a word such as app=NAME all of it is quoted; a value may hold signs that a replacement gives a meaning. */
function putIn(text: string, word: string, value: string): string {
  return text.replaceAll(new RegExp(String.raw`(?<![\w-])(\w+=)?${word}(?![\w.])`, "g"), (_, before = "") =>
    shellWord(`${before}${value}`),
  );
}

/** The value of a column that all rows have; undefined when they differ, or were not kept. */
function onlyValue(results: readonly Answered[], column: string): string | undefined {
  const values = results.flatMap(({ answer }): Json[] => {
    const at = answer?.columns.findIndex(({ name }) => name === column) ?? -1;
    return at < 0 ? [] : (answer?.rows ?? []).map((row) => row[at] ?? null);
  });
  const [first] = values;
  const isOne = typeof first === "string" && first !== "" && values.every((each) => each === first);
  return isOne ? first : undefined;
}
