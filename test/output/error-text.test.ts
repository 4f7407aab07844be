import { expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { renderError } from "../../src/output/error-text.ts";
import { cite, ESC } from "./sample.ts";

const look = { colour: false, cite };

test("a refusal says what happened, what to type next and why", () => {
  const error = new AppError("failed", "cannot add vm-1", {
    code: "OverConstrained",
    hint: "azwise odcr status crg-1",
    because: ["odcr/overallocation"],
  });

  expect(renderError(error, look)).toBe(`error: cannot add vm-1 (OverConstrained)
  next: azwise odcr status crg-1
  [1] A group may hold more VMs than it has slots. (Capacity reservations, Overallocation; published 2026-06-08) https://example.com/odcr
`);
});

test("does not repeat a code that the message holds", () => {
  const error = new AppError("failed", "the service said Conflict", { code: "Conflict" });

  expect(renderError(error, look)).toBe("error: the service said Conflict\n");
});

test("colours the labels only", () => {
  const error = new AppError("usage", "no", { hint: "yes" });

  expect(renderError(error, { ...look, colour: true })).toBe(
    `${ESC}[31merror:${ESC}[39m no\n  ${ESC}[1mnext:${ESC}[22m yes\n`,
  );
});

test("hides secrets and removes control characters, also a secret that they split", () => {
  const error = new AppError("failed", `Bearer ab${ESC}[0mcdef\nrefused`, { hint: "client_secret=x" });

  expect(renderError(error, look)).toBe("error: Bearer *** refused\n  next: client_secret=***\n");
});

test("an unknown fact does not hide the error", () => {
  expect(renderError(new AppError("failed", "no", { because: ["odcr/gone"] }), look)).toBe(
    "error: no\n  [odcr/gone]\n",
  );
});

test("anything else is a bug with its stack, which may hold no secrets either", () => {
  const error = new TypeError(`x is\nnot${ESC}c a function`);
  error.stack = `TypeError: x is\nnot a function\n    at run (file:///a.js:1:2)\n    at https://h.test/?sig=abc`;

  expect(renderError(error, look)).toBe(`bug: x is not a function
    at run (file:///a.js:1:2)
    at https://h.test/?sig=***
This is a fault in azwise, not in your input: please report it with the lines above.
`);
});

test("a thrown value that is no error is shown as text", () => {
  expect(renderError("boom", look)).toBe(
    "bug: boom\nThis is a fault in azwise, not in your input: please report it with the lines above.\n",
  );
});
