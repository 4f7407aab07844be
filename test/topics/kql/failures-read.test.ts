import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readList } from "../../../src/topics/kql/failures/list-plan.ts";
import { readEvents, type Piece } from "../../../src/topics/kql/failures/read.ts";
import { createTestHost, openDriver } from "../../harness.ts";

async function read(bytes: string | Uint8Array): Promise<Piece[]> {
  const { ctx, host } = await openDriver(() => {}, { host: createTestHost() });
  writeFileSync(join(host.folder, "events.json"), bytes);
  const pieces: Piece[] = [];
  for await (const piece of readEvents("events.json", ctx)) pieces.push(piece);
  return pieces;
}

test("an object in each line, blank lines and a mark at the start left out", async () => {
  expect(await read('\uFEFF{"a":1}\r\n\n  {"b":2}  \nnope\n')).toEqual([
    { event: 1, line: 1, text: '{"a":1}' },
    { event: 2, line: 3, text: '{"b":2}' },
    { event: 3, line: 4, text: "nope" },
  ]);
});

test("one object over several lines", async () => {
  const [piece, ...others] = await read('\n{\n  "a": 1\n}\n');

  expect(others).toEqual([]);
  expect(piece).toMatchObject({ event: 1, line: 2 });
  expect(JSON.parse(piece && "text" in piece ? piece.text : "")).toEqual({ a: 1 });
});

test("entries of a list have the line on which they begin, whatever is in their texts", async () => {
  const text = '[ {"a":"],{[\\"\\\\"},\n{"b":\n[1,{"c":2}]}\n,\n 7 ]\n';

  expect(await read(text)).toEqual([
    { event: 1, line: 1, text: '{"a":"],{[\\"\\\\"}' },
    { event: 2, line: 2, text: '{"b": [1,{"c":2}]}' },
    { event: 3, line: 5, text: "7" },
  ]);
});

test.each([
  ['[{"a":1},]', "an entry of the list is empty"],
  ['[{"a":1}', "the list has no end"],
  ['[{"a":1}]\n[{"a":2}]', "something follows the end of the list"],
])("%j: %s", async (text, problem) => {
  expect((await read(text)).at(-1)).toMatchObject({ problem });
});

test("an empty list has no event", async () => {
  expect(await read("[ ]\n")).toEqual([]);
});

test("what is not UTF-8 is refused", async () => {
  await expect(read(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))).rejects.toThrow("is not UTF-8");
});

test("a list is cut into what JSON.parse says is in it, however its lines are broken", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 4 }), (values, indent) => {
      const list = readList();
      const lines = JSON.stringify(values, null, indent).split("\n");
      const found = [...lines.flatMap((text, at) => list.read({ line: at + 1, text })), ...list.end()];

      expect(found.map((each) => ("text" in each ? (JSON.parse(each.text) as unknown) : each))).toEqual(
        JSON.parse(JSON.stringify(values)),
      );
    }),
  );
});
