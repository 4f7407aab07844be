import { expect, test } from "vitest";
import { createTestHost, runCli } from "../../harness.ts";
import { causes, event } from "./triage-case.ts";

const TEXTS = ["i/o timeout", "401 unauthorized", "toomanyrequests", "manifest unknown", "for no reason"];

test("every command of azwise that a cause prints can be typed as it is", async () => {
  const commands = TEXTS.flatMap((text) =>
    causes({
      events: [
        event(100, "ErrImagePull", `Failed to pull image 'shopregistry.azurecr.io/shop/app:1': ${text}`),
      ],
    }),
  )
    .flatMap(({ fixes }) => fixes)
    .flatMap(({ command = "" }) => (command.startsWith("azwise ") ? [command] : []));

  expect(new Set(commands)).toEqual(new Set(["azwise acr doctor shopregistry"]));
  for (const command of new Set(commands)) {
    const { exit, stderr } = await runCli(createTestHost(), ...command.split(" ").slice(1));
    expect([exit, stderr]).not.toContain(2);
  }
});

test("what the help and a refusal print can be typed, too", async () => {
  const help = await runCli(createTestHost(), "kql", "triage", "--help");
  const lines = [...help.stdout.matchAll(/^ {2}azwise (.+)$/gm)].map(([, words = ""]) => words.split(" "));

  expect(lines.length).toBeGreaterThan(1);
  for (const words of lines) expect((await runCli(createTestHost(), ...words)).exit).toBe(3);
});

test("names of images and variables that a shell would read are quoted", () => {
  const image = "Failed to pull image 'shopregistry.azurecr.io/shop/app:1': manifest unknown";
  const [cause] = causes({ name: "a;b", resource: undefined, events: [event(100, "ErrImagePull", image)] });

  expect(cause?.fixes.at(-1)?.command).toContain("--name 'a;b' --resource-group GROUP");
});
