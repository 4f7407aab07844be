import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { createHost } from "../src/host.ts";

/** A process that reads these bytes, in pieces of three. */
function textOf(bytes: Buffer): Promise<string> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) =>
    bytes.subarray(at * 3, at * 3 + 3),
  );
  return createHost(Object.create(process, { stdin: { value: Readable.from(pieces) } })).stdin.text();
}

test.each([
  ["UTF-8", Buffer.from("Zürich 😀\n")],
  ["UTF-8 with a mark", Buffer.from("\uFEFFZürich 😀\n")],
  ["UTF-16 of Windows PowerShell", Buffer.from("\uFEFFZürich 😀\n", "utf16le")],
])("standard input in %s is its characters", async (_, bytes) => {
  expect(await textOf(bytes)).toBe("Zürich 😀\n");
});

test("standard input that is no text is refused, not changed", async () => {
  await expect(textOf(Buffer.from("Zürich", "latin1"))).rejects.toMatchObject({
    kind: "usage",
    message: "standard input is not UTF-8 text",
  });
});
