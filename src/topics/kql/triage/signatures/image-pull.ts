import { shellWord } from "../../../../azure/shell-word.ts";
import { azContainerApp, azUpdateContainer, containerOf } from "../commands.ts";
import { currentOf, evidenceOf, overText, spanOf, type Case } from "../evidence.ts";
import { isFailedPull, stepOf } from "../events.ts";
import { goodStarts } from "../runs.ts";
import type { Cause, Examined, Fix, SystemEvent } from "../seen.ts";

type Why = "not allowed" | "no such image or tag" | "registry not reached" | "throttled" | "not said";

const SIGNS: readonly [Why, RegExp][] = [
  ["throttled", /\btoomanyrequests\b|\b429\b/i],
  ["no such image or tag", /\b(?:manifest|name) unknown\b/i],
  ["not allowed", /\bunauthorized\b|\bdenied\b|\b40[13]\b|\bforbidden\b/i],
  ["no such image or tag", /\bnot found\b|\b404\b/i],
  ["registry not reached", /\btimeout\b|\bno such host\b|\bconnection refused\b|\bdial tcp\b/i],
];

/** The image cannot be pulled, so nothing starts. */
export function imagePull(seen: Case): Cause[] {
  const { examined } = seen;
  const found = examined.events.filter(isFailedPull);
  const last = found.at(-1);
  if (!last) return [];
  // A pull that went well is the end of this, whatever the container did then.
  const pulled = examined.events.filter((event) => stepOf(event) === "pulled");
  const { rows, over } = currentOf(found, { ...seen, good: [...goodStarts(examined, seen.runs), ...pulled] });
  const told = rows.findLast((event) => whyOf(event) !== "not said") ?? last;
  const why = whyOf(told);
  const image =
    /image ["'`]?([\w./:@-]+[\w])/i.exec(told.text)?.[1] ?? containerOf(examined, undefined)?.image;
  return [
    {
      id: "image-pull",
      title: `The image ${image === undefined ? "" : `${image} `}cannot be pulled: ${why}`,
      because: over
        ? over.replica === last.replica
          ? `over: it was pulled at ${new Date(over.at).toISOString()}`
          : overText(over)
        : `the platform said so ${rows.length} times, and has not pulled it since`,
      certainty: over ? "over" : "likely",
      tier: 1,
      ...spanOf(rows),
      evidence: evidenceOf(rows, examined),
      fixes: fixesOf(why, image ?? "", examined),
      facts: ["container-apps-startup/registry-access", "azure-wire/container-event-reasons"],
    },
  ];
}

/** The container that runs an image, where only one does. */
function nameOf(image: string, { resource }: Examined): string | undefined {
  const [one, another] = resource?.containers.filter((each) => each.image === image) ?? [];
  return another ? undefined : one?.name;
}

/** The image's own name may have any of these words. */
function whyOf({ text, reason }: SystemEvent): Why {
  const words = text.replaceAll(/image ["'`]?[\w./:@-]+/gi, "");
  const said = SIGNS.find(([, sign]) => sign.test(words))?.[0];
  return said ?? (/unauthorized/i.test(reason) ? "not allowed" : "not said");
}

function fixesOf(why: Why, image: string, examined: Examined): Fix[] {
  const [, server = "", repository = "", tag = ""] =
    /^([^/]+\.[^/]+)\/([^:@]+)(?::([\w.-]+))?/.exec(image) ?? [];
  const registry = /^([a-z0-9]+)\.azurecr\.(?:io|us|cn)$/i.exec(server)?.[1];
  const doctor: Fix[] =
    registry === undefined
      ? []
      : [
          {
            text: "what is wrong with the registry and the way to it",
            command: `azwise acr doctor ${registry}`,
          },
        ];
  if (why === "not allowed" && server !== "") {
    const has = examined.resource?.registries.includes(server.toLowerCase());
    const note = has === false ? "it has neither identity nor password for this registry: " : "";
    return [
      {
        text: `${note}let its identity pull, which needs role AcrPull on the registry`,
        command: azContainerApp(examined, "registry set", "--server", server, "--identity", "system"),
      },
      ...doctor,
    ];
  }
  if (why === "no such image or tag" && repository !== "") {
    const list = [
      "az",
      "acr",
      "repository",
      "show-tags",
      "--name",
      registry ?? server,
      "--repository",
      repository,
    ];
    return [
      ...(registry === undefined
        ? []
        : [
            {
              text: `which tags there are${tag === "" ? "" : `, as ${tag} is none`}`,
              command: list.map(shellWord).join(" "),
            },
          ]),
      {
        text: "run one that is there",
        command: azUpdateContainer(
          examined,
          nameOf(image, examined),
          "--image",
          `${server}/${repository}:TAG`,
        ),
      },
    ];
  }
  return doctor.length > 0 ? doctor : [{ text: "read the event: it has the registry's own words" }];
}
