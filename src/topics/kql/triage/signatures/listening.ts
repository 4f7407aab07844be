import type { Container, ContainerApp } from "../../../../azure/container-ports.ts";
import { azContainerApp, azUpdateContainer } from "../commands.ts";
import { evidenceOf, spanOf, type Case } from "../evidence.ts";
import { failedProbeOf } from "../events.ts";
import { isLoopback, listeningIn, type Listening } from "../listening.ts";
import type { Cause, ConsoleLine, Examined, Fix } from "../seen.ts";

interface Heard {
  line: ConsoleLine;
  listening: Listening;
}

const SAME_START_MS = 10_000;

/** Listens where nobody outside the container can reach it, or on another port than it is asked on. */
export function wrongAddress(seen: Case): Cause[] {
  const { resource } = seen.examined;
  if (resource?.kind === "job") return [];
  const heard = lastStart(seen.examined);
  if (heard.length === 0) return [];
  const outside = heard.filter(({ listening }) => !isLoopback(listening));
  if (outside.length === 0) return wrongBind(heard, seen);
  return resource ? wrongPort(outside, resource, seen) : [];
}

/** What the last start of the newest revision said, of all its listeners. */
function lastStart({ lines }: Examined): Heard[] {
  const heard = lines.flatMap((line): Heard[] => {
    const listening = listeningIn(line);
    return listening ? [{ line, listening }] : [];
  });
  const last = heard.at(-1)?.line;
  if (!last) return [];
  return heard.filter(
    ({ line }) =>
      line.replica === last.replica &&
      line.container === last.container &&
      last.at - line.at <= SAME_START_MS,
  );
}

const HOW: Readonly<Record<Listening["by"], (port: number) => string>> = {
  ".NET": (port) => `ASPNETCORE_URLS=http://+:${port}`,
  gunicorn: (port) => `GUNICORN_CMD_ARGS=--bind 0.0.0.0:${port}`,
  uvicorn: () => "UVICORN_HOST=0.0.0.0",
  Django: (port) => `--bind 0.0.0.0:${port}`,
};

function wrongBind(heard: readonly Heard[], seen: Case): Cause[] {
  const { resource } = seen.examined;
  const app = resource?.kind === "app" ? resource : undefined;
  const isAsked = app === undefined || app.ingress !== undefined || probesOf(app).length > 0;
  const [first] = heard;
  if (!isAsked || !first) return [];
  const { listening } = first;
  const port = app?.ingress?.targetPort ?? listening.port;
  const setting = HOW[listening.by](port);
  const fix: Fix =
    listening.by === "Django"
      ? { text: `start it with gunicorn ${setting} in the image: runserver is for development` }
      : {
          text: "let it listen on every address, here or in the image's command",
          command: azUpdateContainer(seen.examined, first.line.container, "--set-env-vars", setting),
        };
  return toCause(heard, seen, {
    id: "wrong-bind-address",
    title: `${listening.by} listens on ${listening.host}:${listening.port}, which nothing outside the container can reach`,
    because: reachNote(seen, app === undefined),
    certainty: app === undefined || app.containers.length > 1 ? "possible" : "likely",
    fixes: [fix],
    facts: ["container-apps-startup/listen-on-all", "container-apps-startup/restart-loop-causes"],
  });
}

function reachNote({ examined }: Case, isUnknown: boolean): string {
  if (isUnknown) return "whether it has an ingress or probes cannot be told";
  const failed = examined.events.filter((event) => failedProbeOf(event) !== undefined).length;
  return failed > 0
    ? `it said so at its last start, and ${failed} probes have failed`
    : "it said so at its last start; ingress and probes come from outside the container";
}

function wrongPort(heard: readonly Heard[], app: ContainerApp, seen: Case): Cause[] {
  const ports = heard.map(({ listening }) => listening.port);
  const target = app.ingress?.targetPort;
  const [first] = heard;
  if (!first) return [];
  const said = `it listens on ${ports.join(", ")}`;
  const certainty = app.containers.length > 1 ? ("possible" as const) : ("likely" as const);
  if (target !== undefined && !ports.includes(target)) {
    return toCause(heard, seen, {
      id: "wrong-port",
      title: `The ingress asks port ${target}, and ${said}`,
      because: "its last start and the ingress of now differ",
      certainty,
      fixes: [
        {
          text: "let the ingress ask the port on which it listens",
          command: azContainerApp(
            seen.examined,
            "ingress update",
            "--target-port",
            String(first.listening.port),
          ),
        },
      ],
      facts: ["container-apps-startup/target-port", "container-apps-startup/restart-loop-causes"],
    });
  }
  // Probes are a part of the revision, so those of now say nothing of an older one.
  const isNow = first.line.revision === app.latestRevision;
  const probe = probesOf(app).find(({ port }) => port !== undefined && !ports.includes(port));
  if (!isNow || !probe) return [];
  return toCause(heard, seen, {
    id: "wrong-port",
    title: `Its ${probe.kind.toLowerCase()} probe asks port ${probe.port}, and ${said}`,
    because: "its last start and the probe of its revision differ",
    certainty,
    fixes: probeFixes(seen.examined, `set the probe's port to ${first.listening.port}`),
    facts: ["container-apps-startup/target-port", "container-apps-startup/restart-loop-causes"],
  });
}

function probesOf({ containers }: ContainerApp): Container["probes"] {
  return containers.flatMap(({ probes }) => probes);
}

/** Probes can be changed by a file alone. */
export function probeFixes(examined: Examined, what: string): Fix[] {
  return [
    {
      text: "write its settings to a file",
      command: `${azContainerApp(examined, "show", "-o", "yaml")} > app.yaml`,
    },
    {
      text: `${what} in app.yaml, and send it back`,
      command: azContainerApp(examined, "update", "--yaml", "app.yaml"),
    },
  ];
}

type About = Pick<Cause, "id" | "title" | "because" | "certainty" | "fixes" | "facts">;

function toCause(heard: readonly Heard[], seen: Case, about: About): Cause[] {
  const lines = heard.map(({ line }) => line);
  return [{ ...about, tier: 3, ...spanOf(lines), evidence: evidenceOf(lines, seen.examined) }];
}
