import { describe, expect, test } from "vitest";
import { checkOwnFiles } from "../../../src/topics/login/doctor-checks-files.ts";
import type { Machine } from "../../../src/topics/login/doctor-machine.ts";
import { file, machine, printed } from "./doctor-machine.ts";

describe("azwise's own files:", () => {
  test.each([
    [
      "nothing is said of files that are the user's alone",
      machine({
        ownTokens: {
          value: {
            folder: file(".cache/azwise/tokens", 0o700),
            files: [file(".cache/azwise/tokens/a.json")],
          },
        },
      }),
      [],
    ],
    [
      "tokens that others can read are an error, and only some of many are named",
      machine({
        ownTokens: {
          value: {
            folder: file(".cache/azwise/tokens", 0o755),
            files: ["a", "b", "c", "d"].map((name) => file(`.cache/azwise/tokens/${name}.json`, 0o640)),
          },
        },
      }),
      [
        "error tokens-open: others can read or change azwise's tokens: ~/.cache/azwise/tokens/a.json (mode 640), ~/.cache/azwise/tokens/b.json (mode 640), ~/.cache/azwise/tokens/c.json (mode 640), 1 file more | next chmod go-rwx ~/.cache/azwise/tokens/a.json ~/.cache/azwise/tokens/b.json ~/.cache/azwise/tokens/c.json ~/.cache/azwise/tokens/d.json | because sql-token-cache/store-securely",
      ],
    ],
    ...[0o710, 0o701].map((mode): [string, Machine, string[]] => [
      `a folder of mode ${mode.toString(8)} can be entered, and what is in it is not safe`,
      machine({
        ownTokens: { value: { folder: file("tokens", mode), files: [file("tokens/a.json", 0o644)] } },
      }),
      [
        "error tokens-open: others can read or change azwise's tokens: ~/tokens/a.json (mode 644) | next chmod go-rwx ~/tokens/a.json | because sql-token-cache/store-securely",
      ],
    ]),
    [
      "tokens of another user are named",
      machine({
        ownTokens: { value: { folder: file(".cache/azwise/tokens", 0o700, { isOurs: false }), files: [] } },
      }),
      [
        "warning tokens-foreign: azwise's token cache belongs to another user and is not used: ~/.cache/azwise/tokens (mode 700, of another user) | next ls -la ~/.cache/azwise/tokens | because sql-token-cache/store-securely",
      ],
    ],
    [
      "on Windows there are no modes to complain about",
      machine({
        ownTokens: {
          value: {
            folder: file("tokens", 0, { mode: undefined }),
            files: [file("tokens/a.json", 0, { mode: undefined })],
          },
        },
      }),
      [],
    ],
    [
      "a token folder that cannot be listed is not called safe",
      machine({ ownTokens: { reason: "EACCES" } }),
      [
        "warning tokens-open: cannot tell whether others can read azwise's tokens: EACCES | next - | because sql-token-cache/store-securely",
      ],
    ],
    [
      "a configuration that others can read is no matter",
      machine({
        config: { value: { file: file(".config/azwise/config.json", 0o644), dangling: undefined } },
      }),
      [],
    ],
    [
      "a configuration that others can write is an error",
      machine({
        config: { value: { file: file(".config/azwise/config.json", 0o664), dangling: undefined } },
      }),
      [
        "error config-open: others can change azwise's configuration, and with it where secrets are sent: ~/.config/azwise/config.json (mode 664) | next chmod go-w ~/.config/azwise/config.json | because -",
      ],
    ],
    [
      "a configuration of another user is an error that chmod does not mend",
      machine({
        config: {
          value: { file: file(".config/azwise/config.json", 0o600, { isOurs: false }), dangling: undefined },
        },
      }),
      [
        "error config-open: others can change azwise's configuration, and with it where secrets are sent: ~/.config/azwise/config.json (mode 600, of another user) | next - | because -",
      ],
    ],
    [
      "a configuration that is not valid stops every run",
      machine({ config: { reason: "/c/config.json is not valid; correct or delete the file" } }),
      [
        "error config-broken: cannot tell which contexts there are: /c/config.json is not valid; correct or delete the file | next - | because -",
      ],
    ],
    [
      "an active context that does not exist is a warning",
      machine({ config: { value: { file: undefined, dangling: "prod" } } }),
      [
        'warning context-missing: the active context does not exist: config.json names "prod" | next azwise login contexts | because -',
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(printed(checkOwnFiles(given))).toEqual(expected);
  });
});
