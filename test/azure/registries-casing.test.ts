import { expect, test } from "vitest";
import { recorded } from "./recorded.ts";
import { ARM, openPorts, reply } from "./wire.ts";

const ID =
  "/subscriptions/5a000000-0000-4000-8000-000000000001/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/images";

test("hosts and regions are in small letters, however the service writes them, as they are compared with others", async () => {
  const { id, location } = recorded("registry");
  const properties = {
    loginServer: "Images.AzureCR.io",
    regionalEndpointHostNames: ["Images.WestEurope.Geo.azurecr.io"],
    dataEndpointHostNames: ["Images.WestEurope.Data.azurecr.io"],
  };
  const { registries } = openPorts({ [`GET ${ARM}${ID}`]: reply(200, { id, location, properties }) });

  expect(await registries.get(ID)).toMatchObject({
    loginServer: "images.azurecr.io",
    regionalHosts: [{ region: "westeurope", host: "images.westeurope.geo.azurecr.io" }],
    dataHosts: [{ region: "westeurope", host: "images.westeurope.data.azurecr.io" }],
  });
});
