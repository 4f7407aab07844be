import { expect, test } from "vitest";
import type { Pin } from "../../../src/azure/settings.ts";
import { pinNotes } from "../../../src/topics/login/pin-note.ts";

const CONTEXT = { cloud: "public", tenant: "T", domain: "contoso.example", subscription: "S" };

function noteOn(pin: Pin, context = CONTEXT): string[] {
  return pinNotes(context, { file: "/shop/.azwise.json", pin }).map(({ text }) => text);
}

test.each<[string, Pin]>([
  ["the same place", { cloud: "public", tenant: "t", subscription: "s" }],
  ["the same domain", { tenant: "Contoso.example" }],
  ["nothing", {}],
])("a pin to %s is not worth a word", (_, pin) => {
  expect(noteOn(pin)).toEqual([]);
});

test("a pin that leads elsewhere is named with what differs", () => {
  expect(noteOn({ cloud: "usgov", tenant: "T", subscription: "S2" })).toEqual([
    "the pin /shop/.azwise.json wins over the active context here: cloud usgov, subscription S2",
  ]);
});

test("a pin also wins where the context leaves the subscription open", () => {
  expect(pinNotes({ cloud: "public", tenant: "T" }, { file: "p", pin: { subscription: "S" } })).toHaveLength(
    1,
  );
});

test("in the sandbox only pins of the sandbox count", () => {
  const rehearsal = { ...CONTEXT, cloud: "sandbox" };

  expect(noteOn({ cloud: "public", tenant: "X" }, rehearsal)).toEqual([]);
  expect(noteOn({ tenant: "X" }, rehearsal)).toEqual([]);
  expect(noteOn({ cloud: "sandbox", tenant: "X" }, rehearsal)).toHaveLength(1);
});

test("without a pin there is nothing to say", () => {
  expect(pinNotes(CONTEXT, undefined)).toEqual([]);
});
