import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { cite } from "../../../src/docs/cite.ts";
import { toLiteral } from "../../../src/kql/literal.ts";
import { loadParser, type Parser, type Tree } from "../../../src/kql/official.ts";
import { slotsOf } from "../../../src/kql/places.ts";
import { AppError } from "../../../src/errors.ts";
import { readExpression } from "../../../src/kql/read-expression.ts";
import { readQuery } from "../../../src/kql/read-query.ts";
import { runQuery } from "../../../src/kql/run.ts";
import { toJson } from "../../../src/kql/values.ts";
import { catalogue } from "../../../src/topics/kql/catalogue/catalogue.ts";
import type {
  CatalogueQuery,
  Flavour,
  Parameter,
} from "../../../src/topics/kql/catalogue/catalogue-query.ts";
import { fillQuery, readGiven, tablesOf } from "../../../src/topics/kql/catalogue/fill-query.ts";
import { schemas } from "../../../src/topics/kql/schemas/all.ts";
import { HOSTILE } from "../../kql/hostile.ts";

const FOLDER = new URL("../../../src/topics/kql/catalogue/", import.meta.url);
const ALL = catalogue.flatMap((query) =>
  query.flavours.map((flavour): [string, CatalogueQuery, Flavour] => [
    `${query.name} (${flavour.name})`,
    query,
    flavour,
  ]),
);

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

test("every folder of the catalogue is a query, under its own name", () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((each) => each.isDirectory());

  expect(folders.map(({ name }) => name).sort()).toEqual(catalogue.map(({ name }) => name).sort());
});

test("every text in a folder is a flavour: query.kql is the first one's", () => {
  const files = readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((each) => each.endsWith(".kql"));
  const expected = catalogue.flatMap(({ name, flavours }) =>
    flavours.map((flavour, index) => `${name}/query${index === 0 ? "" : `.${flavour.name}`}.kql`),
  );

  expect(files.sort()).toEqual(expected.sort());
});

test.each(ALL)("%s is right for the official parser with its tables", (_, query, flavour) => {
  const given = new Map<string, string>();
  const { diagnostics } = parser.parse(fillQuery(query, flavour, given), tablesOf(query, flavour, given));

  expect(diagnostics.filter(({ severity }) => severity === "error" || severity === "warning")).toEqual([]);
});

test.each(ALL)("%s names no column that its tables lack", (_, query, flavour) => {
  const { root } = parser.parse(fillQuery(query, flavour, new Map()));
  const shortened = flavour.tables.map(({ name }) => ({
    name,
    columns: [{ name: "other", type: "string" }],
  }));
  const { diagnostics } = parser.parse(fillQuery(query, flavour, new Map()), shortened);

  expect(root.children.length).toBeGreaterThan(0);
  // Without the schema it fails, so the test above has looked.
  expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
});

test.each(ALL)("%s uses every parameter that it says, and names them in its table", (_, query, flavour) => {
  const used = new Set(slotsOf(flavour.text).map(({ name }) => name));
  const known = query.parameters.map(({ name }) => name);
  const columns = flavour.tables.flatMap((table) => table.columns.map(({ name }) => name));

  const names = flavour.names ?? { parameter: known[0], column: columns[0] };

  expect([...used].filter((name) => !known.includes(name))).toEqual([]);
  // A further flavour may lack what its tables do not have; the first one uses all.
  expect(flavour === query.flavours[0] ? known.filter((name) => !used.has(name)) : []).toEqual([]);
  expect(known).toContain(names.parameter);
  expect(columns).toContain(names.column);
});

test.each(ALL)("%s is bounded, and leaves the window to who asks", (_, query, flavour) => {
  expect(flavour.text).toMatch(/^\| (?:top \{rows\} by|summarize\s)/m);
  expect(/\bago\(|\bnow\(/.test(flavour.text)).toBe(
    ["pipeline-changes", "pipeline-failures-by-day"].includes(query.name),
  );
  expect(query.window).toMatch(/^\d+[hd]$/);
});

test.each(catalogue.filter(({ name }) => /^(?:container|request|postgres|flow)-/.test(name)))(
  "every flavour of $name answers with the same columns",
  async (query) => {
    const answers = await Promise.all(
      query.flavours.map(async (flavour) => {
        const read = await readQuery(fillQuery(query, flavour, new Map()));
        const tables = new Map(flavour.tables.map(({ name, columns }) => [name, { columns, rows: [] }]));
        return runQuery(read, { tables, now: new Date(0) }).columns.map(
          ({ name, type }) => `${name}:${type}`,
        );
      }),
    );

    expect(new Set(answers.map((each) => each.join(" "))).size).toBe(1);
  },
);

test.each(catalogue.map((query): [string, CatalogueQuery] => [query.name, query]))(
  "what %s cites exists",
  (_, { because, alert, flavours }) => {
    const tables = flavours.flatMap(({ tables }) => tables);
    for (const id of [...because, ...(alert?.because ?? []), ...tables.flatMap((each) => each.because)]) {
      expect(cite(id).id).toBe(id);
    }
    expect(tables.every((table) => schemas.includes(table))).toBe(true);
  },
);

/** The tree with everything but what literals bring: kinds, texts of tokens, and the names of parts. */
function shapeOf(tree: Tree, isLiteral: (tree: Tree) => boolean): unknown {
  if (isLiteral(tree)) return "LITERAL";
  const inner = Object.entries(tree.parts).map(([name, each]) => [name, shapeOf(each, isLiteral)]);
  const unnamed = inner.length > 0 ? [] : tree.children.map((each) => shapeOf(each, isLiteral));
  return [tree.kind, tree.children.length === 0 ? tree.text : "", inner, unnamed];
}

function find(tree: Tree, isLiteral: (tree: Tree) => boolean): Tree[] {
  return isLiteral(tree) ? [tree] : tree.children.flatMap((each) => find(each, isLiteral));
}

interface Landed {
  shape: string;
  /** What stands in each place, by the order of the places. */
  values: unknown[];
}

/** What the official parser reads of a filled text: its shape without the literals, and the literals. */
function examine(query: CatalogueQuery, flavour: Flavour, given: ReadonlyMap<string, string>): Landed {
  const ends = new Map<number, number>();
  let moved = 0;
  for (const { name, start, end } of slotsOf(flavour.text)) {
    const { length } = toLiteral(valueOf(query, name, given), typeOf(query, name));
    ends.set(start + moved, start + moved + length);
    moved += length - (end - start);
  }
  const isLiteral = ({ kind, start, end }: Tree): boolean =>
    kind.endsWith("Expression") && ends.get(start) === end;
  const { root, diagnostics } = parser.parse(fillQuery(query, flavour, given));
  expect(diagnostics).toEqual([]);
  const values = find(root, isLiteral).map((tree) => {
    const expression = readExpression(tree);
    return expression.kind === "literal" ? toJson(expression.value, expression.type) : expression;
  });
  return { shape: JSON.stringify(shapeOf(root, isLiteral)), values };
}

function typeOf({ parameters }: CatalogueQuery, name: string): Parameter["type"] {
  return parameters.find((each) => each.name === name)!.type;
}

function valueOf({ parameters }: CatalogueQuery, name: string, given: ReadonlyMap<string, string>): unknown {
  const { typed, default: otherwise } = parameters.find((each) => each.name === name)!;
  return typed.parse(given.get(name) ?? otherwise);
}

function takes({ typed }: Parameter, value: string): boolean {
  return typed.safeParse(value).success;
}

test.each(ALL)("no value changes %s", (_, query, flavour) => {
  const slots = slotsOf(flavour.text);
  const plain = examine(query, flavour, new Map());
  for (const [round] of HOSTILE.entries()) {
    // All parameters at once, each with a value of its own; over the rounds each has every value.
    const tried = query.parameters.map((parameter, index): [Parameter, string] => [
      parameter,
      HOSTILE[(round + index * 7) % HOSTILE.length]!,
    ]);
    const given = new Map(
      tried.flatMap(([parameter, value]) => (takes(parameter, value) ? [[parameter.name, value]] : [])),
    );
    const { shape, values } = examine(query, flavour, given);

    expect(shape).toBe(plain.shape);
    expect(values).toHaveLength(slots.length);
    const isText = slots.map(({ name }) => ["string", "dynamic"].includes(typeOf(query, name)));
    expect(values.filter((_, index) => isText[index])).toEqual(
      slots.filter((_, index) => isText[index]).map(({ name }) => valueOf(query, name, given)),
    );
  }
});

test.each(
  catalogue.flatMap(({ parameters }) => parameters).map((each): [string, Parameter] => [each.name, each]),
)("parameter %s takes any text, or refuses what is of another type", (name, parameter) => {
  const taken = HOSTILE.filter((value) => takes(parameter, value));
  const isAnyText = parameter.type === "string" && !["table", "ip"].includes(name);
  const none = name === "ip" ? [""] : [];
  // Lists take most; an empty text between commas is none.
  const expected = parameter.type === "dynamic" ? taken : isAnyText ? HOSTILE : none;

  expect(taken).toEqual(expected);
});

test.each(["no-such=x", "app", "=x", "rows=many", "rows=-1", 'words=["a', "words=a,,b"])(
  "--param %s is refused with what to type",
  (word) => {
    const query = catalogue.find(({ name }) => name === "container-console-errors")!;
    const refused = (): string => fillQuery(query, query.flavours[0], readGiven([word]));

    expect(refused).toThrow(AppError);
  },
);

test("a time span needs its unit, is longer than nothing and no longer than a year", () => {
  const query = catalogue.find(({ name }) => name === "request-durations")!;
  const withBin = (bin: string): string => fillQuery(query, query.flavours[0], new Map([["bin", bin]]));

  expect(withBin("15m")).toContain("timespan(00:15:00)");
  for (const bin of ["15", "0s", "-5m", "soon", "400d", "999999999999d"]) {
    expect(() => withBin(bin)).toThrow("a time span such as 5m, 1h or 7d is expected");
  }
});

test("a machine is an address of IPv4 or IPv6, or one by name, or nothing", () => {
  const query = catalogue.find(({ name }) => name === "flow-top-talkers")!;
  const withIp = (ip: string): string => fillQuery(query, query.flavours[0], new Map([["ip", ip]]));

  for (const ip of ["10.0.0.4", "fd00::4", "2001:db8::10.0.0.4", "rg-shop/vm-web"])
    expect(withIp(ip)).toContain(`"${ip}"`);
  expect(withIp("")).toContain('""');
  for (const ip of ["10.0.0", "10.0.0.256", "10.0.0.0/8", "vm-web", "a/b/c", " 10.0.0.4"]) {
    expect(() => withIp(ip)).toThrow("an address such as 10.1.0.4, or a machine as GROUP/NAME, is expected");
  }
});

test("a name that is given twice is refused", () => {
  expect(() => readGiven(["app=a", "app=b"])).toThrow("--param app is given twice");
});
