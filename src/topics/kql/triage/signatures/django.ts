import { azContainerApp } from "../commands.ts";
import { causeOfLines, groupBy, type Case } from "../evidence.ts";
import type { Cause, Examined, Fix } from "../seen.ts";
import { complaints, linesOf, valuesOf, type Found } from "./lines.ts";

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
        fixes: setFixes(name, seen.examined),
        facts: ["container-apps-startup/django-checks-settings", "container-apps-startup/django-secret-key"],
      },
      seen,
    );
  });
}

function setFixes(name: string, examined: Examined): Fix[] {
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
      command: azContainerApp(examined, "update", "--set-env-vars", `${name}=secretref:${secret}`),
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
  const repository = examined.resource?.containers[0]?.image.replace(/[:@][^/]*$/, "");
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
          command: azContainerApp(examined, "update", "--image", `${repository ?? "IMAGE"}:TAG`),
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
  const found = complaints(seen, HOST);
  const own = found.filter(({ match }) => isOwnName(match[1] ?? "", seen.examined));
  const asked = own.length > 0 ? own : found;
  const names = valuesOf(asked, 1);
  const stranger =
    own.length > 0 ? "" : "; none is known to be a name of this app, so it may be a stranger who asked by it";
  const { resource } = seen.examined;
  const fqdn = resource?.kind === "app" ? resource.ingress?.fqdn : undefined;
  return causeOfLines(
    linesOf(asked),
    {
      id: "allowed-hosts",
      title: `Django refuses requests to ${names.slice(0, 3).join(", ")}, as ALLOWED_HOSTS has no such name${stranger}`,
      fixes: [
        {
          text: "name the hosts by which it is asked; the value there now is not read, so add what else it has to have",
          command: azContainerApp(
            seen.examined,
            "update",
            "--set-env-vars",
            `ALLOWED_HOSTS=${fqdn ?? "HOST"}`,
          ),
        },
      ],
      facts: ["container-apps-startup/django-checks-settings", "container-apps-startup/allowed-hosts"],
      most: own.length > 0 ? "likely" : "possible",
    },
    seen,
  );
}

/** The app's address, or one inside its environment, as probes use it. */
function isOwnName(header: string, { resource, name }: Examined): boolean {
  const host = header.replace(/:\d+$/, "").toLowerCase();
  const fqdn = resource?.kind === "app" ? resource.ingress?.fqdn?.toLowerCase() : undefined;
  if (host === fqdn || host === name.toLowerCase() || host === "localhost") return true;
  if (/^(?:127|10|100|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./.test(host)) return true;
  return host.startsWith(`${name.toLowerCase()}.`) && host.endsWith(".azurecontainerapps.io");
}
