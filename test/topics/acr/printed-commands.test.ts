import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { find, REGISTRY } from "../../../src/sandbox/bodies.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { OTHER_SUBSCRIPTION, runCli, type TestHost } from "../../harness.ts";
import { NEEDS } from "../../../src/topics/acr/tools.ts";
import { SHOPREGISTRY } from "../../sandbox/registries.ts";
import { hostWith } from "../host-with.ts";
import { having, open, roomy, stuckInWest, unseen } from "./change-world.ts";
import { commandsIn, writtenTexts } from "./printed-commands.ts";
import { onlyIn } from "./route-world.ts";

/** Regional endpoints of shopregistry, which the service does not tell. */
function untold(world: World): void {
  Object.assign(find(world, REGISTRY, SHOPREGISTRY)!.properties, { regionalEndpoints: undefined });
}

const WORLDS: ((world: World) => void)[] = [
  () => {},
  roomy,
  unseen,
  open,
  having(true, true),
  having(false, false),
  having(true, false),
  onlyIn("westeurope"),
  stuckInWest,
  untold,
];

const PLATFORM = ["platformimages", "--subscription", OTHER_SUBSCRIPTION];

function linesOf(...registry: string[]): string[][] {
  return [
    ["show", ...registry],
    ["endpoints", ...registry],
    ["endpoints", ...registry, "--firewall"],
    ["endpoints", ...registry, "--firewall", "--after", "regional,data"],
    ["advise", ...registry],
    ...NEEDS.map((need) => ["advise", ...registry, "--need", need]),
    ["ip-plan", ...registry, "--add", "centralus"],
    ["ip-plan", ...registry, "--enable", "regional"],
    ["pick", ...registry, "--prefer", "westeurope,centralus"],
    ["pick", ...registry, "--prefer", "centralus"],
    ["serving", ...registry],
    ["pin", "deploy.yaml", "--region", "westeurope", "--registry", ...registry],
    ["pin", "deploy.yaml", "--region", "centralus", "--registry", ...registry],
    ...["eastus2", "westeurope", "centralus"].flatMap((region) => [
      ["route", "out", ...registry, "--region", region],
      ["route", "in", ...registry, "--region", region],
      ["replica", "add", ...registry, "--region", region],
      ["replica", "add", ...registry, "--region", region, "--out-of-routing", "--accept-risk"],
      ["replica", "remove", ...registry, "--region", region],
      ["replica", "remove", ...registry, "--region", region, "--keep-regional"],
    ]),
    ["regional", "enable", ...registry],
    ["regional", "enable", ...registry, "--accept-risk"],
    ["regional", "disable", ...registry],
    ["data-endpoints", "enable", ...registry],
    ["data-endpoints", "disable", ...registry],
  ];
}

/** The worlds differ in shopregistry only. */
const OTHERS = [...linesOf("legacyapp"), ...linesOf(...PLATFORM)];

async function typed(change: (world: World) => void): Promise<TestHost> {
  const host = await hostWith(change);
  writeFileSync(join(host.folder, "deploy.yaml"), "image: shopregistry.azurecr.io/shop/web:1\n");
  return host;
}

/** What every verb prints of a world. */
async function printedOf(change: (world: World) => void): Promise<string[]> {
  const host = await typed(change);
  const texts: string[] = [];
  for (const line of [...linesOf("shopregistry"), ...(change === WORLDS[0] ? OTHERS : [])]) {
    const { stdout, stderr } = await runCli(host, "acr", ...line, "-o", "json");
    texts.push(stdout, stderr);
  }
  return texts;
}

/** Why a command that was printed is none that can be typed; undefined for one that can. */
async function faultOf(command: string, host: TestHost): Promise<string | undefined> {
  const { stderr } = await runCli(host, "acr", ...command.split(" "));
  const isWrong = /next: see azwise acr|unknown (?:option|command)|missing required/.test(stderr);
  return isWrong ? `azwise acr ${command}: ${stderr}` : undefined;
}

test("every command of the room that it prints can be typed as it is", async () => {
  const printed: string[] = [];
  for (const world of WORLDS) printed.push(...(await printedOf(world)));
  const commands = [...new Set([...printed, ...writtenTexts()].flatMap(commandsIn))].sort();
  const host = await typed(() => {});

  const faults: string[] = [];
  for (const command of commands) faults.push(...[(await faultOf(command, host)) ?? []].flat());

  console.info(`${commands.length} commands beginning with "azwise acr" are printed`);
  expect(faults).toEqual([]);
  expect(commands.length).toBeGreaterThan(30);
}, 120_000);
