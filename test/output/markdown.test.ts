import { expect, test } from "vitest";
import { render } from "../../src/output/render.ts";
import { ESC, empty, options, sample, SUBSCRIPTION, TENANT, tableOf } from "./sample.ts";

const MASKED = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxx";
const HEADING = `> \`azwise odcr status crg-1\`
>
> 2026-08-01 09:05:07 UTC; cloud public; tenant ${MASKED}0001; subscription ${MASKED}0002
`;

const md = options({ format: "md", colour: { stdout: true, stderr: true } });

test("is a page with heading, tables, notes and sources, and leaves stderr empty", async () => {
  expect(await render(sample, md)).toEqual({
    stdout: `${HEADING}
**Group crg-1**

| Name | Slots | State | Why |
| --- | ---: | --- | --- |
| web-1 | 2 | running |  |
| db_1 | 12 | over | [1] |
| spare |  |  |  |

| Zone |
| ---: |
| 1 |

- **Warning:** slots are not attributed [2][1]
- Note: read 2 VMs

Sources

1. A group may hold more VMs than it has slots. (Capacity reservations, Overallocation; published 2026-06-08) <https://example.com/odcr>
2. The service does not say which VM holds a slot. (Wire observations, Instance view; applies to API 2024-11-01; publication date unknown; contradicts \\[3\\] Capacity reservations)
3. The instance view lists the VMs that use the reservation. (Capacity reservations, View; published 2026-06-08)
`,
    stderr: "",
  });
});

test("an empty view is its heading", async () => {
  expect((await render(empty, md)).stdout).toBe(HEADING);
});

test("cells and notes cannot format, break the table or reach a terminal", async () => {
  const view = {
    ...tableOf(["Na|me"], [`a|b\n*c* <b>${ESC}[31m`], ["`_x_`"]),
    notes: [{ level: "info" as const, text: `[x](y)\n# z${ESC}[0m` }],
  };

  expect((await render(view, md)).stdout).toBe(`${HEADING}
| Na\\|me |
| --- |
| a\\|b \\*c\\* &lt;b> |
| \\\`\\_x\\_\\\` |

- Note: \\[x\\](y) # z
`);
});

test("masks ids everywhere and secrets in the command line", async () => {
  const view = {
    ...tableOf(["Id"], [`/subscriptions/${SUBSCRIPTION}`]),
    notes: [{ level: "info" as const, text: TENANT }],
  };
  const { target: _, ...rest } = md;
  const command = `azwise x --client-secret s --tenant ${TENANT} \`id\``;

  expect((await render(view, { ...rest, command })).stdout)
    .toBe(`> \`\` azwise x --client-secret *** --tenant ${MASKED}0001 \`id\` \`\`
>
> 2026-08-01 09:05:07 UTC

| Id |
| --- |
| /subscriptions/${MASKED}0002 |

- Note: ${MASKED}0001
`);
});

test("shows ids when asked to", async () => {
  const view = tableOf(["Id"], [SUBSCRIPTION]);
  const target = { cloud: "public", tenantId: TENANT, subscriptionIds: [SUBSCRIPTION, TENANT], auth: "cli" };

  expect((await render(view, { ...md, showIds: true, target })).stdout).toBe(`> \`azwise odcr status crg-1\`
>
> 2026-08-01 09:05:07 UTC; cloud public; tenant ${TENANT}; subscriptions ${SUBSCRIPTION}, ${TENANT}

| Id |
| --- |
| ${SUBSCRIPTION} |
`);
});

test("a query's rows become a table and anything else a block of text", async () => {
  const view = { ...empty, data: { vms: [{ name: "a|b" }], text: `\`\`\`\n${SUBSCRIPTION}` } };
  const body = async (query: string) => (await render(view, { ...md, query })).stdout.slice(HEADING.length);

  expect(await body("vms")).toBe("\n| name |\n| --- |\n| a\\|b |\n");
  expect(await body("text")).toBe(`\n\`\`\`\`text\n\`\`\` ${MASKED}0002\n\`\`\`\`\n`);
  expect(await body("nothing")).toBe("");
});

test("a page whose commands have masked ids says how they can be had", async () => {
  const note = "- Note: ids are masked, also in commands; with --show-ids they can be typed as they are\n";
  const page = async (cell: string, showIds: boolean): Promise<string> =>
    (await render(tableOf(["next"], [cell]), { ...md, showIds })).stdout;

  expect(await page(`first: az vm list --subscription ${SUBSCRIPTION}`, false)).toContain(note);
  expect(await page(`first: az vm list --subscription ${SUBSCRIPTION}`, true)).not.toContain("--show-ids");
  expect(await page(`${SUBSCRIPTION}: az vm list`, false)).not.toContain("--show-ids");
});
