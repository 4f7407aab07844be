import { expect, test } from "vitest";
import { parse } from "yaml";
import { buildDocument } from "../../src/output/document.ts";
import { render } from "../../src/output/render.ts";
import { cite, empty, options, sample, SUBSCRIPTION, TENANT } from "./sample.ts";

test("JSON is one object: data, notes and the facts cited, ids in full", async () => {
  const { stdout, stderr } = await render(sample, options({ format: "json", cite }));

  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    formatVersion: 1,
    command: "azwise odcr status crg-1",
    target: { cloud: "public", tenantId: TENANT, subscriptionIds: [SUBSCRIPTION], auth: "cli" },
    group: "crg-1",
    vms: [{ name: "web-1", slots: 2, zone: null }],
    notes: [
      {
        level: "warning",
        text: "slots are not attributed",
        because: ["wire/no-slot-owner", "odcr/overallocation"],
      },
      { level: "info", text: "read 2 VMs", because: [] },
    ],
    citations: ["odcr/overallocation", "wire/no-slot-owner", "odcr/slot-owner"].map(cite),
  });
});

test("JSON is indented by two and ends its line; without a target there is none", async () => {
  const { target: _, ...withoutTarget } = options({ format: "json" });

  expect((await render(empty, withoutTarget)).stdout).toBe(`{
  "formatVersion": 1,
  "command": "azwise odcr status crg-1",
  "notes": [],
  "citations": []
}
`);
});

test("YAML holds the same document", async () => {
  const { stdout } = await render(sample, options({ format: "yaml" }));

  expect(parse(stdout)).toEqual(buildDocument(sample, options()));
});

test("YAML keeps strings apart from values of older parsers and repeats what is used twice", async () => {
  const zones = ["1"];
  const view = {
    ...empty,
    data: { answer: "no", day: "2026-08-01", log: "a\nb\n", left: zones, right: zones },
  };

  expect(
    (await render(view, options({ format: "yaml", query: "{a: answer, d: day, g: log, l: left, r: right}" })))
      .stdout,
  ).toBe(`a: "no"
d: "2026-08-01"
g: |
  a
  b
l:
  - "1"
r:
  - "1"
`);
});

test.each([
  ["json", (text: string) => JSON.parse(text)],
  ["yaml", (text: string) => parse(text)],
] as const)("%s loses nothing of a hostile string and shows none of it raw", async (format, read) => {
  const hostile = { "ke\u009by": "\u001b[31mred\u009b0m\u202e\u007f\u2028\r\nend\t" };

  const { stdout } = await render({ ...empty, data: { hostile } }, options({ format }));

  expect(read(stdout).hostile).toEqual(hostile);
  expect(/[\p{Cc}\p{Bidi_Control}\u2028]/u.test(stdout.replaceAll("\n", ""))).toBe(false);
});
