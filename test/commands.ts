import { verbs as acr } from "../src/topics/acr/room.ts";
import { verbs as docs } from "../src/topics/docs/room.ts";
import { verbs as kql } from "../src/topics/kql/room.ts";
import { own as login, verbs as loginVerbs } from "../src/topics/login/room.ts";
import { verbs as odcr } from "../src/topics/odcr/room.ts";
import { apply, verbs as runs } from "../src/topics/runs/room.ts";
import { verbs as sandbox } from "../src/topics/sandbox/room.ts";

/** Rooms in the order of the help. */
const ROOMS = { odcr, acr, kql, login: loginVerbs, runs, docs, sandbox };

/** Every command that can be typed, without the leading "azwise", with its own summary. */
export const COMMANDS: readonly [words: string, summary: string][] = [
  ["login", login.summary],
  ["apply", apply.summary],
  ...Object.entries(ROOMS).flatMap(([room, verbs]) =>
    verbs.map(({ name, summary }): [string, string] => [`${room} ${name}`, summary]),
  ),
];

export const ROOM_NAMES = Object.keys(ROOMS);
