import { expect, test } from "vitest";
import { ARM, openPorts, reply } from "./wire.ts";

const SUBSCRIPTION = "5a000000-0000-4000-8000-000000000001";
const APP = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.App`;
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-SHOP/providers/Microsoft.App`;
const ENVIRONMENT = `${GROUP}/managedEnvironments/env-shop`;

const BODY = {
  id: `${GROUP}/containerApps/shop-api`,
  name: "shop-api",
  location: "East US 2",
  properties: {
    managedEnvironmentId: ENVIRONMENT,
    latestRevisionName: "shop-api--v12",
    configuration: {
      ingress: { targetPort: 8080, external: true, fqdn: "shop-api.example.test", transport: "Auto" },
      secrets: [{ name: "db" }],
      registries: [{ server: "ShopRegistry.azurecr.io", identity: "system" }],
    },
    template: {
      containers: [
        {
          name: "shop-api",
          image: "shopregistry.azurecr.io/shop/api:1",
          env: [
            { name: "Key", value: "must-not-be-kept" },
            { name: "Db", secretRef: "db" },
          ],
          resources: { cpu: 0.5, memory: "1Gi" },
          probes: [
            { type: "Liveness", httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 30 },
            { type: "Startup", tcpSocket: { port: 8081 }, periodSeconds: 5, failureThreshold: 12 },
          ],
        },
      ],
      scale: { minReplicas: 0, maxReplicas: 10 },
    },
  },
};

test("an app has its ports, probes and names of variables, page after page, and no values", async () => {
  const { containerApps, wire } = openPorts({
    [`GET ${ARM}${APP}/containerApps`]: [
      reply(200, { value: [BODY], nextLink: `${ARM}${APP}/containerApps?x=2` }),
      reply(200, { value: [] }),
    ],
  });

  const apps = await containerApps.listApps(SUBSCRIPTION);

  expect(apps).toEqual([
    {
      kind: "app",
      id: BODY.id,
      name: "shop-api",
      subscriptionId: SUBSCRIPTION,
      resourceGroup: "RG-SHOP",
      location: "eastus2",
      environmentId: ENVIRONMENT,
      registries: ["shopregistry.azurecr.io"],
      ingress: { targetPort: 8080, external: true, fqdn: "shop-api.example.test", transport: "Auto" },
      latestRevision: "shop-api--v12",
      minReplicas: 0,
      containers: [
        {
          name: "shop-api",
          image: "shopregistry.azurecr.io/shop/api:1",
          cpu: 0.5,
          memory: "1Gi",
          variables: [
            { name: "Key", secret: undefined },
            { name: "Db", secret: "db" },
          ],
          probes: [
            {
              kind: "Liveness",
              port: 8080,
              path: "/health",
              initialDelay: 30,
              period: undefined,
              failureThreshold: undefined,
            },
            {
              kind: "Startup",
              port: 8081,
              path: undefined,
              initialDelay: undefined,
              period: 5,
              failureThreshold: 12,
            },
          ],
        },
      ],
    },
  ]);
  expect(JSON.stringify(apps)).not.toContain("must-not-be-kept");
  expect(wire.seen[0]).toContain("api-version=2024-03-01");
});

test("an app without ingress, probes or resources is read, too", async () => {
  const bare = { id: BODY.id, name: "shop-api", location: "eastus2", properties: { template: null } };
  const { containerApps } = openPorts({ [`GET ${ARM}${APP}/containerApps`]: reply(200, { value: [bare] }) });

  const [app] = await containerApps.listApps(SUBSCRIPTION);

  expect(app).toMatchObject({ ingress: undefined, containers: [], minReplicas: undefined, registries: [] });
});

test("a job has its timeout, retries and trigger", async () => {
  const job = {
    id: `${GROUP}/jobs/nightly`,
    name: "nightly",
    location: "eastus2",
    properties: {
      environmentId: ENVIRONMENT,
      configuration: { replicaTimeout: 1800, replicaRetryLimit: 0, triggerType: "Schedule" },
      template: { containers: [{ name: "nightly", image: "x" }] },
    },
  };
  const { containerApps } = openPorts({ [`GET ${ARM}${APP}/jobs`]: reply(200, { value: [job] }) });

  expect(await containerApps.listJobs(SUBSCRIPTION)).toMatchObject([
    { kind: "job", replicaTimeout: 1800, retryLimit: 0, trigger: "Schedule", environmentId: ENVIRONMENT },
  ]);
});

test.each([
  [{ destination: "azure-monitor" }, "azure-monitor", undefined],
  [{ destination: "log-analytics", logAnalyticsConfiguration: { customerId: "7C" } }, "log-analytics", "7c"],
  [{ destination: "none" }, undefined, undefined],
  [{ destination: "" }, undefined, undefined],
  [null, undefined, undefined],
])(
  "an environment with logs %j sends them to %s",
  async (appLogsConfiguration, logDestination, customerId) => {
    const { containerApps } = openPorts({
      [`GET ${ARM}${ENVIRONMENT}`]: reply(200, {
        id: ENVIRONMENT,
        name: "env-shop",
        properties: { appLogsConfiguration, defaultDomain: "happyfield.eastus2.azurecontainerapps.io" },
      }),
    });

    expect(await containerApps.getEnvironment(ENVIRONMENT)).toEqual({
      id: ENVIRONMENT,
      name: "env-shop",
      defaultDomain: "happyfield.eastus2.azurecontainerapps.io",
      logDestination,
      customerId,
    });
  },
);

test("an environment that is not there is undefined", async () => {
  const missing = reply(404, { error: { code: "ResourceNotFound", message: "was not found" } });
  const { containerApps } = openPorts({ [`GET ${ARM}${ENVIRONMENT}`]: missing });

  expect(await containerApps.getEnvironment(ENVIRONMENT)).toBeUndefined();
});
