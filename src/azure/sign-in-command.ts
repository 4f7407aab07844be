import type { AuthKind } from "./auth-kind.ts";
import { armScope, azCloudName, type Cloud } from "./clouds.ts";
import { shellWord } from "./shell-word.ts";

/** Where a sign-in leads, and by which kind of credential. */
export interface SignInTarget {
  kind: AuthKind;
  /** GUID or domain. */
  tenantId: string;
  cloud: Cloud;
}

export interface SignInNeed extends SignInTarget {
  /** Claims of a challenge, base64 as the service sent them. */
  claims?: string | undefined;
  /** What the claims were asked for; the resource manager when left out. */
  scope?: string | undefined;
}

/**
 * The command that signs a person in where a token was refused; undefined for kinds that no person signs in,
 * because what they lack has to be changed in Entra or on the machine.
 */
export function signInCommand(need: SignInNeed): string | undefined {
  const { kind, tenantId, cloud, claims } = need;
  switch (kind) {
    case "cli":
      return azLogin(need);
    case "browser":
    case "device":
      return ["azwise login --tenant", tenantId, "--auth", kind, ...ownFlags(cloud, claims)].join(" ");
    case "sandbox":
      return ["azwise login --tenant", tenantId, ...ownFlags(cloud, claims)].join(" ");
    default:
      return undefined;
  }
}

function ownFlags(cloud: Cloud, claims: string | undefined): string[] {
  return [
    ...(cloud.name === "public" ? [] : ["--cloud", cloud.name]),
    ...(claims === undefined ? [] : ["--claims-challenge", claims]),
  ];
}

function azLogin({ tenantId, cloud, claims, scope = armScope(cloud) }: SignInNeed): string {
  const challenge = claims === undefined ? [] : ["--claims-challenge", claims, "--scope", scope];
  return inAzCloud(cloud, ["az login --tenant", tenantId, ...challenge].join(" "));
}

/** The login of az for that cloud: az has one active cloud, and signs in to no other. */
export function inAzCloud(cloud: Cloud, login: string): string {
  return cloud.name === "public" ? login : `az cloud set --name ${shellWord(azCloudName(cloud))} && ${login}`;
}

/** The same target with the claims that a token is being asked for, encoded as on a command line. */
export function withClaims(target: SignInTarget, claims: string | undefined): SignInNeed {
  return claims === undefined ? target : { ...target, claims: Buffer.from(claims).toString("base64") };
}
