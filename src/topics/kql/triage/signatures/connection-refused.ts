import type { Variable } from "../../../../azure/container-ports.ts";
import { azContainerApp, azUpdateContainer, containerOf } from "../commands.ts";
import { causeOfLines, type Case } from "../evidence.ts";
import type { Cause, ConsoleLine, Fix } from "../seen.ts";
import { complaints, containerIn, linesOf, type Found } from "./lines.ts";

const SIGN =
  /\bSocketException(?: \(\d+\))?: Connection refused|\bHttpRequestException: Connection refused|\bconnect(?:ion to server| to server)?\b.{0,200}(?:ECONNREFUSED|[Cc]onnection refused)|\bError 111 connecting to .{1,200}Connection refused|\bdial tcp .{1,200}connection refused|^(?:\S+\s+)?ConnectionRefusedError\b/;

const TARGETS: readonly RegExp[] = [
  /Connection refused \(([\w.-]+:\d+)\)/,
  /ECONNREFUSED ([\w.:[\]-]+:\d+)/,
  /dial tcp (\S+:\d+)/,
  /Error 111 connecting to ([\w.-]+:\d+)/,
  /Connection refused \[?([\w.-]+:\d+)/,
];

/** Something that the application needs does not take its connections. */
export function connectionRefused(seen: Case): Cause[] {
  const found = complaints(seen, SIGN);
  const targets = [...new Set(found.flatMap((each) => targetOf(each, seen.examined.lines) ?? []))];
  const whom = targets.length === 0 ? "something; the lines do not say what" : targets.slice(0, 3).join(", ");
  return causeOfLines(
    linesOf(found),
    {
      id: "connection-refused",
      title: `Connections are refused by ${whom}`,
      fixes: fixesOf(found, targets, seen),
      also: seen.examined.lines.filter(
        (each) => SERVER.test(each.text) && found.some(({ line }) => isNear(line, each)),
      ),
      facts: ["container-apps-startup/connection-refused", "container-apps-startup/missing-setting-crashes"],
    },
    seen,
  );
}

const SERVER = /connection to database '([^']+)' on server '([^']+)'/;
const NEIGHBOUR_MS = 2000;

function isNear(line: ConsoleLine, other: ConsoleLine): boolean {
  return other.replica === line.replica && Math.abs(other.at - line.at) <= NEIGHBOUR_MS;
}

/** Who refused: in the line itself, or in one that the same replica wrote in the same moment. */
function targetOf({ line }: Found, lines: readonly ConsoleLine[]): string | undefined {
  const near = lines.filter((each) => isNear(line, each));
  for (const { text } of [line, ...near]) {
    const direct = TARGETS.flatMap((target) => target.exec(text)?.[1] ?? [])[0];
    if (direct !== undefined) return direct;
  }
  for (const { text } of [line, ...near]) {
    const [, database, server] = SERVER.exec(text) ?? [];
    if (server !== undefined) return `${server} (database ${database ?? ""})`;
  }
  const all = [line, ...near].map(({ text }) => text).join("\n");
  const host = /(?:on host|server at) "([^"]+)"/.exec(all)?.[1];
  const port = /\bport (\d+)\b/.exec(all)?.[1];
  return host === undefined ? undefined : port === undefined ? host : `${host}:${port}`;
}

const LOCAL: Fix = {
  text: "localhost is the container itself: nothing else listens there, so the address it was given, or its default, is wrong",
};

function fixesOf(found: readonly Found[], targets: readonly string[], { examined }: Case): Fix[] {
  const container = containerIn(found);
  const isLocal = targets.some((each) => /\b(?:localhost|127\.0\.0\.1)\b|\[::1\]/.test(each));
  const settings = settingsOf(containerOf(examined, container)?.variables ?? [], targets);
  const [setting, another] = settings;
  return [
    ...(isLocal ? [LOCAL] : []),
    seeFix(another ? undefined : setting, examined),
    ...(another
      ? [{ text: `put the address right that is in one of ${settings.map(told).join(", ")}` }]
      : []),
    ...(another ? [] : rightFixes(setting, container, examined)),
  ];
}

function told({ name, secret }: Variable): string {
  return secret === undefined ? name : `${name} (secret ${secret})`;
}

const ADDRESS = /connection|database|(?:^|_)(?:db|url|uri|dsn|host|server|endpoint|address)(?:_|$)/i;
/** Of telemetry and storage, which nobody refuses as a server does; and what is beside an address. */
const OTHERS = /^(?:applicationinsights|appinsights|otel)_|storage|blob|(?:password|user|name|key)$/i;

/** Variables that may have the address: by the name of the server or database, or else all that look like it. */
function settingsOf(variables: readonly Variable[], targets: readonly string[]): Variable[] {
  const all = variables.filter(({ name }) => ADDRESS.test(name) && !OTHERS.test(name));
  const words = targets.flatMap((target) => wordsOf(target));
  const near = all.filter(({ name, secret = "" }) =>
    words.some((word) => plain(name).includes(word) || plain(secret).includes(word)),
  );
  return near.length > 0 ? near : all;
}

/** The database, and the first part of the server's name. */
function wordsOf(target: string): string[] {
  const [, server = "", database = ""] = /^(\S+)(?: \(database (.*)\))?$/.exec(target) ?? [];
  const isAddress = /^[\d.]+(?::\d+)?$|^\[|^localhost\b/i.test(server);
  const words = [database, ...(isAddress ? [] : [server.replace(/[.:].*$/, "")])];
  return words.map(plain).filter((word) => word.length > 2);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** A command that shows the address itself, where it is known which secret has it. */
function seeFix(setting: Variable | undefined, examined: Case["examined"]): Fix {
  const text =
    "see which address it is given: the host and port have to be those of the server, and its firewall has to let the environment in";
  if (setting?.secret === undefined) {
    const query = "properties.template.containers[].env[]";
    return { text, command: azContainerApp(examined, "show", "--query", query, "-o", "table") };
  }
  const show = ["--secret-name", setting.secret, "--query", "value", "-o", "tsv"];
  return {
    text: `${text}; this prints the secret that ${setting.name} refers to`,
    command: azContainerApp(examined, "secret show", ...show),
  };
}

/** A secret that changes is seen by a replica that starts after it. */
function rightFixes(
  setting: Variable | undefined,
  container: string | undefined,
  examined: Case["examined"],
): Fix[] {
  if (setting?.secret === undefined) {
    const { name = "NAME" } = setting ?? {};
    const text = setting === undefined ? "put the address right" : `put ${name} right`;
    const value = `${name}=secretref:SECRET`;
    return [{ text, command: azUpdateContainer(examined, container, "--set-env-vars", value) }];
  }
  const { resource } = examined;
  const revision = resource?.kind === "app" ? resource.latestRevision : undefined;
  return [
    {
      text: `if that is wrong, put the secret right that ${setting.name} refers to`,
      command: azContainerApp(examined, "secret set", "--secrets", `${setting.secret}=VALUE`),
    },
    ...(revision === undefined
      ? []
      : [
          {
            text: "and start its replicas again, which alone see it",
            command: azContainerApp(examined, "revision restart", "--revision", revision),
          },
        ]),
  ];
}
