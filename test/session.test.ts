import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestHost, openDriver, runCli } from "./harness.ts";

const never = async (): Promise<never> => new Promise(() => {});

test("Ctrl-C at the question ends the run, and nothing was changed", async () => {
  const host = createTestHost({ tty: true, columns: 140 });
  host.stdin.line = async () => {
    setImmediate(() => host.interrupt());
    return never();
  };

  const { exit, stderr } = await runCli(host, "odcr", "attach", "--vm", "shop-web-01", "--apply");

  expect(exit).toBe(130);
  expect(stderr).toContain("interrupted; nothing was changed");
  expect(readdirSync(host.folder)).toEqual([]);
});

test("Ctrl-C ends the wait for ids on standard input", async () => {
  const host = createTestHost();
  host.stdin.text = async () => {
    setImmediate(() => host.interrupt());
    return never();
  };

  expect((await runCli(host, "odcr", "attach")).exit).toBe(130);
});

test("an empty variable for the format counts as unset", async () => {
  expect(await runCli(createTestHost({ env: { AZWISE_OUTPUT: "" } }), "runs", "list")).toMatchObject({
    exit: 0,
  });
});

test("without a home folder no configuration is taken from the working directory", async () => {
  const host = createTestHost({ env: { HOME: "", XDG_CONFIG_HOME: "", AZURE_CONFIG_DIR: "" } });
  mkdirSync(join(host.folder, ".config", "azwise"), { recursive: true });
  const clouds = { evil: { resourceManager: "https://evil.example", authority: "https://evil.example" } };
  writeFileSync(join(host.folder, ".config", "azwise", "config.json"), JSON.stringify({ clouds }));

  const { exit, stderr } = await runCli(host, "odcr", "status", "--cloud", "evil");

  expect(exit).toBe(2);
  expect(stderr).toContain('unknown cloud "evil"');
});

test("a pin file with a word that means nothing is refused, not ignored", async () => {
  const host = createTestHost();
  writeFileSync(join(host.folder, ".azwise.json"), JSON.stringify({ subscriptions: "x" }));

  const { exit, stderr } = await runCli(host, "odcr", "status");

  expect(exit).toBe(2);
  expect(stderr).toMatch(
    /error: .*\.azwise\.json is not valid: Unrecognized key: "subscriptions"\n {2}next: correct it, or run azwise login pin --force there, or azwise login unpin\n$/,
  );
});

test("help followed by a command is that command's help", async () => {
  const host = createTestHost();

  const asked = await runCli(host, "help", "odcr", "attach");

  expect(asked).toEqual(await runCli(host, "odcr", "attach", "--help"));
});

test("no line that is said repeats a token or a secret", async () => {
  const { ctx, host } = await openDriver();

  ctx.say("refused: eyJhbGciOi.eyJ0aWQi.c2ln, client_secret=not-to-be-seen");

  expect(host.output.stderr).toBe("refused: ***, client_secret=***\n");
});
