import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createPacker,
  halve,
  isWithin,
  readRanges,
  tellBeyond,
  tellRanges,
  type Packed,
} from "../../../src/topics/kql/failures/batch-plan.ts";

function packAll(texts: readonly string[], mostBytes: number): Packed[] {
  const packer = createPacker(mostBytes);
  const full = texts.map((text, at) => packer.add(at + 1, text));
  return [...full, packer.end()].filter((each) => each !== undefined);
}

const Events = fc.array(
  fc.json().map((text) => text.replaceAll(/[\r\n]/g, " ")),
  { maxLength: 40 },
);

test("requests together are the input: in its order, none missing, none twice, none above the limit", () => {
  fc.assert(
    fc.property(Events, fc.integer({ min: 20, max: 300 }), (texts, mostBytes) => {
      const packed = packAll(texts, mostBytes);

      expect(packed.flatMap(({ events }) => events)).toEqual(texts.map((_, at) => at + 1));
      expect(packed.flatMap(({ text }) => JSON.parse(text) as unknown[])).toEqual(
        texts.map((text) => JSON.parse(text) as unknown),
      );
      for (const { bytes, text, events } of packed) {
        expect(bytes).toBe(Buffer.byteLength(text));
        expect(bytes <= mostBytes || events.length === 1).toBe(true);
      }
    }),
  );
});

test("halves are the whole, until one event is left", () => {
  fc.assert(
    fc.property(Events, (texts) => {
      const pieces = packAll(texts, 1_000_000);
      const single: Packed[] = [];
      for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
        const halves = halve(piece);
        if (halves) pieces.unshift(...halves);
        else single.push(piece);
      }

      expect(single.map(({ events }) => events)).toEqual(texts.map((_, at) => [at + 1]));
      expect(single.map(({ text }) => text)).toEqual(texts.map((text) => `[${text}]`));
    }),
  );
});

test("numbers are told as ranges, and read back as the same numbers", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (numbers) => {
      const events = numbers.sort((left, right) => left - right);
      const ranges = readRanges(tellRanges(events));

      expect(Array.from({ length: 60 }, (_, at) => at + 1).filter((each) => isWithin(each, ranges))).toEqual(
        events,
      );
    }),
  );
});

test.each(["", "0", "3-2", "1-2-3", "a", "1,,2", "-3", "1 2"])("%j is no range", (text) => {
  expect(readRanges(text)).toBeUndefined();
});

test("a range may be open", () => {
  const ranges = readRanges("2, 5-");

  expect([1, 2, 3, 4, 5, 6].filter((each) => isWithin(each, ranges))).toEqual([2, 5, 6]);
});

test("numbers beyond the last event are told, those before it are not", () => {
  const beyond = (text: string): string => tellBeyond(readRanges(text), 3);

  expect(["2-9", "1-3", "1-", "4-", "601-", "9", "3", "1,5-6,8-"].map(beyond)).toEqual([
    "4-9",
    "",
    "",
    "4-",
    "601-",
    "9",
    "",
    "5-6,8-",
  ]);
  expect(tellBeyond(undefined, 0)).toBe("");
});
