import { describe, expect, test } from "vitest";
import { search, type Library } from "../../src/docs/search.ts";

const fact = (id: string, text: string) => ({ id, text, article: "garage", section: "Parking" });

const library: Library = {
  facts: [
    fact("garage/opening-hours", "The gate is shut at night, so leave before."),
    fact("garage/gate", "Keep your ticket ready."),
    fact("garage/price", "Gates count the hours; each one costs the same."),
  ],
  articles: [
    { id: "garage", title: "How our garage works", publisher: "City", published: null, url: null },
    { id: "gate-repair", title: "Repairing barriers", publisher: "City", published: null, url: null },
  ],
};

const ids = (...words: string[]) => search(words, library).map((hit) => hit.id);

test("a hit tells what it is, its id and what it says", () => {
  expect(search(["ticket"], library)).toEqual([
    { kind: "fact", id: "garage/gate", text: "Keep your ticket ready." },
  ]);
});

describe("matching", () => {
  test("every word must occur", () => {
    expect(ids("ticket", "night")).toEqual([]);
  });

  test("words may be spread over id, text and section", () => {
    expect(ids("opening", "night", "parking")).toEqual(["garage/opening-hours"]);
  });

  test("the beginning of a word is enough, its middle is not", () => {
    expect(ids("tick")).toEqual(["garage/gate"]);
    expect(ids("icket")).toEqual([]);
  });

  test("letter case and punctuation do not matter", () => {
    expect(ids("GARAGE/Opening-Hours")).toEqual(["garage/opening-hours"]);
  });

  test("a query without any word finds nothing", () => {
    expect(ids("", "--")).toEqual([]);
  });
});

describe("ranking", () => {
  test("ids and titles rank above text", () => {
    expect(ids("gate")).toEqual(["garage/gate", "gate-repair", "garage/opening-hours", "garage/price"]);
  });

  test("whole words rank above beginnings", () => {
    const both = [fact("garage/one", "Gates everywhere."), fact("garage/two", "A gate nowhere.")];

    const hits = search(["gate"], { facts: both, articles: [] });

    expect(hits.map((hit) => hit.id)).toEqual(["garage/two", "garage/one"]);
  });

  test("equal hits keep the order of the library", () => {
    expect(ids("garage")).toEqual(["garage/opening-hours", "garage/gate", "garage/price", "garage"]);
  });
});
