import fc from "fast-check";
import { expect, test } from "vitest";
import {
  beginWatch,
  takeNew,
  type Arrived,
  type ArrivedRow,
  type WatchMark,
} from "../../../src/topics/kql/watch/rows-plan.ts";

const LATE = 30;
const row = (key: string, atMs: number): ArrivedRow => ({ key, atMs });
const all = (rows: ArrivedRow[], untilMs: number): Arrived<ArrivedRow> => ({
  rows,
  untilMs,
  isAll: true,
  lateMs: LATE,
});
const keys = ({ fresh }: { fresh: ArrivedRow[] }): string[] => fresh.map(({ key }) => key);

test("the first question begins where it is told to, the next ones go back as far as rows may be late", () => {
  const first = takeNew(beginWatch(0), all([], 20));
  const second = takeNew(first.mark, all([], 100));

  expect(first.mark.fromMs).toEqual(0);
  expect(second.mark).toEqual({ fromMs: 70, untilMs: 100, told: new Map() });
});

test("a late row is told although newer ones were, and none twice", () => {
  const first = takeNew(beginWatch(0), all([row("a", 50)], 60));
  const second = takeNew(first.mark, all([row("late", 40), row("a", 50), row("b", 65)], 70));
  const third = takeNew(second.mark, all([row("late", 40), row("a", 50), row("b", 65)], 70));

  expect([keys(first), keys(second), keys(third)]).toEqual([["a"], ["late", "b"], []]);
});

test("equal rows are several", () => {
  const first = takeNew(beginWatch(0), all([row("a", 50), row("a", 50)], 60));
  const second = takeNew(first.mark, all([row("a", 50), row("a", 50), row("a", 50)], 61));

  expect([keys(first), keys(second)]).toEqual([["a", "a"], ["a"]]);
});

test("what is not all is told and moves no time", () => {
  const begun = takeNew(beginWatch(0), all([row("a", 50)], 60));
  const part = takeNew(begun.mark, { ...all([row("b", 90)], 200), isAll: false });
  const whole = takeNew(part.mark, all([row("a", 50), row("b", 90), row("c", 95)], 210));

  expect(keys(part)).toEqual(["b"]);
  expect([part.mark.fromMs, part.mark.untilMs]).toEqual([30, 60]);
  expect(keys(whole)).toEqual(["c"]);
});

test("keys of rows that cannot come again are forgotten", () => {
  const first = takeNew(beginWatch(0), all([row("a", 5), row("b", 80)], 100));
  const second = takeNew(first.mark, all([row("b", 80)], 105));

  expect([...first.mark.told.keys()]).toEqual(["b"]);
  expect([...second.mark.told.keys()]).toEqual(["b"]);
});

/** Rows: when, how much later they can be asked for, and to which others of that time they are equal. */
const EVENTS = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    late: fc.integer({ min: 0, max: LATE }),
    same: fc.nat({ max: 2 }),
  }),
  { maxLength: 40 },
);
/** Looks: how long after the one before, whether the answer is all, whether the run is killed before it keeps the mark. */
const LOOKS = fc.array(
  fc.record({ after: fc.integer({ min: 1, max: 120 }), isAll: fc.boolean(), isCut: fc.boolean() }),
  { maxLength: 12 },
);

test("whatever is late, partial or looked at seldom: every row is told once in the end", () => {
  fc.assert(
    fc.property(EVENTS, LOOKS, (events, looks) => {
      const told: ArrivedRow[] = [];
      let mark: WatchMark = beginWatch(0);
      let now = 0;
      for (const { after, isAll, isCut } of [...looks, { after: 400, isAll: true, isCut: false }]) {
        now += after;
        const there = events.filter(
          (each) => each.at + each.late <= now && each.at < now && each.at >= mark.fromMs,
        );
        const rows = there.map((each) => row(`${each.at} ${each.same}`, each.at));
        const taken = takeNew(mark, {
          rows: isAll ? rows : rows.filter((_, index) => !isCut || index % 2 === 0),
          untilMs: now,
          isAll,
          lateMs: LATE,
        });
        told.push(...taken.fresh);
        ({ mark } = taken);
      }
      const expected = events.map((each) => `${each.at} ${each.same}`);

      expect(told.map(({ key }) => key).sort()).toEqual(expected.sort());
    }),
  );
});

test("a run that is killed before it kept its mark tells rows twice and loses none", () => {
  fc.assert(
    fc.property(EVENTS, LOOKS, (events, looks) => {
      const told = new Set<string>();
      let mark: WatchMark = beginWatch(0);
      let now = 0;
      for (const { after, isCut } of [...looks, { after: 400, isCut: false }]) {
        now += after;
        const there = events.filter((each) => each.at + each.late <= now && each.at >= mark.fromMs);
        const taken = takeNew(
          mark,
          all(
            there.map((each) => row(`${each.at} ${each.same}`, each.at)),
            now,
          ),
        );
        for (const { key } of taken.fresh) told.add(key);
        if (!isCut) ({ mark } = taken);
      }

      expect([...told].sort()).toEqual([...new Set(events.map((each) => `${each.at} ${each.same}`))].sort());
    }),
  );
});

test("of equal rows so many stay told as were, also when an answer lacks some of them", () => {
  const two = takeNew(beginWatch(0), all([row("a", 50), row("a", 50)], 60));
  const one = takeNew(two.mark, all([row("a", 50)], 61));
  const again = takeNew(one.mark, all([row("a", 50), row("a", 50), row("a", 50)], 62));

  expect([keys(two), keys(one), keys(again)]).toEqual([["a", "a"], [], ["a"]]);
});
