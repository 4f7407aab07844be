import { expect, test } from "vitest";
import { show } from "../../../src/topics/docs/show.ts";
import { runVerb } from "./run-verb.ts";

test("shows a fact with its source, and warns that the wire says otherwise", async () => {
  const view = await runVerb(show, { id: "odcr/regional-restart" });

  expect(view.tables).toEqual([
    {
      columns: [{ header: "field" }, { header: "value" }],
      rows: [
        { cells: ["fact", "odcr/regional-restart"] },
        {
          cells: [
            "says",
            "A running regional VM (one without a zone) can be added to a group, but is protected only after it was stopped and started again.",
          ],
        },
        { cells: ["applies to", "regional VMs"] },
        { cells: ["section", "Impact of associating a virtual machine with an ODCR"] },
        { cells: ["article", "Demystifying On-Demand Capacity Reservations"] },
        { cells: ["publisher", "Microsoft Tech Community"] },
        { cells: ["published", "date unknown"] },
      ],
    },
  ]);
  expect(view.notes).toEqual([
    {
      level: "warning",
      text: "azure-wire/regional-must-be-deallocated says otherwise, and azwise follows that",
      because: ["azure-wire/regional-must-be-deallocated"],
    },
  ]);
});

test("in JSON a fact names what contradicts it", async () => {
  const view = await runVerb(show, { id: "odcr/regional-restart" });

  expect(view.data["fact"]).toMatchObject({
    contradicts: [],
    contradictedBy: ["azure-wire/regional-must-be-deallocated"],
  });
});

test("an observed answer names the statements it overrules", async () => {
  const view = await runVerb(show, { id: "azure-wire/which-vm-unknown" });

  expect(view.notes).toEqual([
    {
      level: "info",
      text: "odcr/one-vm-owns-the-spot says otherwise; azwise follows the fact shown here",
      because: ["odcr/one-vm-owns-the-spot"],
    },
  ]);
});

test("shows an article with its address and the facts taken from it", async () => {
  const view = await runVerb(show, { id: "odcr" });

  expect(view.tables[0]!.rows[0]).toEqual({ cells: ["article", "odcr"] });
  const ids = view.tables[1]!.rows.map((row) => String(row.cells[0]));
  expect(ids).toContain("odcr/running-first");
  expect(ids.every((id) => id.startsWith("odcr/"))).toBe(true);
});

test("says when no facts were taken from an article yet", async () => {
  const view = await runVerb(show, { id: "app-service-mcp" });

  expect(view.data["facts"]).toEqual([]);
  expect(view.notes).toEqual([{ level: "info", text: "no facts have been taken from this article yet" }]);
});

test("an unknown id is a usage error that names the nearest ones", async () => {
  await expect(runVerb(show, { id: "odcr/zero-quanity" })).rejects.toMatchObject({
    kind: "usage",
    message: "no such fact or article: odcr/zero-quanity",
    hint: expect.stringMatching(/^did you mean odcr\/zero-quantity,/),
  });
});
