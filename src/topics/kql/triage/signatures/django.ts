import { azContainerApp, azUpdateContainer, containerOf } from "../commands.ts";
import { causeOfLines, groupBy, type Case } from "../evidence.ts";
import type { Cause, Examined, Fix } from "../seen.ts";
import { complaints, containerIn, linesOf, valuesOf, type Found } from "./lines.ts";
import { probeFixes } from "./listening.ts";

const UNSET =
  /\bImproperlyConfigured: (?:Set the (\w+) environment variable|The (SECRET_KEY) setting must not be empty)|^(?:\S+\s+)?(?:\w+\.)*UndefinedValueError: (\w+) not found\b|^KeyError: '(\w*SECRET_KEY)'/;

/** A Django application that misses a setting, mostly its SECRET_KEY. */
export function missingSetting(seen: Case): Cause[] {
  const found = complaints(seen, UNSET);
  const nameOf = ({ match }: Found): string => match.slice(1).find((each) => each !== undefined) ?? "";
  return [...groupBy(found, nameOf)].flatMap(([name, same]) => {
    const isSet = seen.examined.resource?.containers.some(({ variables }) =>
      variables.some((each) => each.name === name),
    );
    const now =
      isSet === undefined
        ? ""
        : isSet
          ? "; the app has one of this name now"
          : "; the app has none of this name";
    return causeOfLines(
      linesOf(same),
      {
        id: name.endsWith("SECRET_KEY") ? "missing-secret-key" : "missing-variable",
        title: `Django finds no ${name}${now}`,
        fixes: setFixes(name, containerIn(same), seen.examined),
        facts: ["container-apps-startup/django-checks-settings", "container-apps-startup/django-secret-key"],
      },
      seen,
    );
  });
}

function setFixes(name: string, container: string | undefined, examined: Examined): Fix[] {
  const secret = name
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^-+|-+$/g, "");
  return [
    {
      text: "keep the value as a secret",
      command: azContainerApp(examined, "secret set", "--secrets", `${secret}=VALUE`),
    },
    {
      text: "and give it to the application under the name that the line has",
      command: azUpdateContainer(examined, container, "--set-env-vars", `${name}=secretref:${secret}`),
    },
  ];
}

const STATIC =
  /\bNo such file or directory: '([^']*static[^']*)'|\bMissing staticfiles manifest entry for '([^']+)'|\bNo directory at: (\S*static\S*)/;

/** Static files were not collected when the image was built. */
export function missingStaticFiles(seen: Case): Cause[] {
  const found = complaints(seen, STATIC);
  const [path = "its static files"] = [...valuesOf(found, 1), ...valuesOf(found, 3), ...valuesOf(found, 2)];
  const { examined } = seen;
  const repository = containerOf(examined, containerIn(found))?.image.replace(/[:@][^/]*$/, "");
  return causeOfLines(
    linesOf(found),
    {
      id: "static-files-missing",
      title: `Static files are not in the image: ${path}`,
      fixes: [
        {
          text: "collect them while the image is built: RUN SECRET_KEY=build-time-placeholder python manage.py collectstatic --noinput",
        },
        {
          text: "and run the new image",
          command: azUpdateContainer(examined, containerIn(found), "--image", `${repository ?? "IMAGE"}:TAG`),
        },
      ],
      facts: ["container-apps-startup/collectstatic-in-image"],
    },
    seen,
  );
}

const HOST = /\bInvalid HTTP_HOST header: '([^']+)'/;

/** Django refuses requests to a name that it does not know. */
export function disallowedHost(seen: Case): Cause[] {
  const { examined } = seen;
  const found = complaints(seen, HOST);
  const own = found.filter(({ match }) => isOwn(hostOf(match[1] ?? ""), examined));
  const asked = own.length > 0 ? own : found;
  const names = valuesOf(asked, 1);
  const stranger =
    own.length > 0 ? "" : "; none is known to be a name of this app, so it may be a stranger who asked by it";
  const isByAddress = names.some((each) => isAddress(hostOf(each)));
  return causeOfLines(
    linesOf(asked),
    {
      id: "allowed-hosts",
      title: `Django refuses requests to ${names.slice(0, 3).join(", ")}, as ALLOWED_HOSTS has no such name${stranger}`,
      fixes: own.length > 0 ? ownFixes(own, examined) : [strangerFix(found, examined)],
      facts: [
        "container-apps-startup/django-checks-settings",
        "container-apps-startup/allowed-hosts",
        ...(isByAddress ? ["azure-wire/probe-asks-by-address"] : []),
      ],
      most: own.length > 0 ? "likely" : "possible",
    },
    seen,
  );
}

/** Of names that were refused, and of a replica's address, which is another one in every replica. */
function ownFixes(own: readonly Found[], examined: Examined): Fix[] {
  const fqdn = fqdnOf(examined);
  const hosts = [...new Set(valuesOf(own, 1).map(hostOf))];
  const names = hosts.filter((host) => !isAddress(host));
  const allowed = [...new Set([...(fqdn === undefined ? [] : [fqdn]), ...names])];
  return [
    ...(names.length === 0
      ? []
      : [
          {
            text: "name the hosts by which it is asked; the value there now is not read, so add what else it has to have",
            command: azUpdateContainer(
              examined,
              containerIn(own),
              "--set-env-vars",
              `ALLOWED_HOSTS=${allowed.join(",")}`,
            ),
          },
        ]),
    ...(names.length === hosts.length
      ? []
      : probeFixes(
          examined,
          `probes ask by the replica's address, which no list can name: under httpGet.httpHeaders of each probe set Host to a name that ALLOWED_HOSTS has${fqdn === undefined ? "" : `, such as ${fqdn},`}`,
        )),
  ];
}

/** What a stranger wrote is no part of a command. */
function strangerFix(found: readonly Found[], examined: Examined): Fix {
  return {
    text: "only where it is a name by which it is to be asked, name that; the value there now is not read, so add what else it has to have",
    command: azUpdateContainer(examined, containerIn(found), "--set-env-vars", "ALLOWED_HOSTS=HOST"),
  };
}

function hostOf(header: string): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}

function fqdnOf({ resource }: Examined): string | undefined {
  return resource?.kind === "app" ? resource.ingress?.fqdn?.toLowerCase() : undefined;
}

/** Of a replica, as things inside an environment have them. */
function isAddress(host: string): boolean {
  return /^(?:10|100|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+$/.test(host);
}

/** The app's address, or one inside its environment, as probes use it. */
function isOwn(host: string, examined: Examined): boolean {
  const name = examined.name.toLowerCase();
  const isInside = /^(?:localhost|127(?:\.\d+){3})$/.test(host) || isAddress(host);
  if (isInside || host === fqdnOf(examined) || host === name) return true;
  return /^[a-z0-9.-]+$/.test(host) && host.startsWith(`${name}.`) && host.endsWith(".azurecontainerapps.io");
}
