import { readPlaces, requireSameBut } from "../../../src/topics/acr/image-places.ts";
import { planPin, splice, type PinPlan } from "../../../src/topics/acr/pin-plan.ts";

export const GLOBAL = "shop.azurecr.io";
export const WEST = "shop.westeurope.geo.azurecr.io";
export const EAST = "shop.eastus2.geo.azurecr.io";

export const HOSTS = {
  loginServer: GLOBAL,
  regionalHosts: [
    { region: "westeurope", host: WEST },
    { region: "eastus2", host: EAST },
  ],
};

export interface PinnedText extends PinPlan {
  text: string;
}

/** One text pinned to westeurope, as far as it goes without files and a service. */
export async function pinText(text: string): Promise<PinnedText> {
  const places = await readPlaces({ name: "f.yaml", text });
  const plan = planPin(
    [{ name: "f.yaml", text, places, wanted: { region: "westeurope", host: WEST } }],
    HOSTS,
  );
  await requireSameBut({ name: "f.yaml", text }, plan.changes);
  return {
    ...plan,
    text: splice(
      text,
      plan.changes.map(({ edit }) => edit),
    ),
  };
}
