import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { EXIT } from "../../../src/errors.ts";
import { rehearse } from "../../../src/topics/acr/rehearse.ts";
import { openDriver, type Driver } from "../../harness.ts";
import { end } from "../odcr/attach-world.ts";
import { close, INPUT, isData, isOut, run, told } from "./rehearse-world.ts";

/** At the tenth look at a replica that is out. */
function inTheHold(driver: Driver, happens: () => void | Promise<void>): void {
  let looks = 0;
  driver.open.intercept(async (request, pass) => {
    if (isData(request) && isOut(driver) && (looks += 1) === 10) await happens();
    return pass(request);
  });
}

/** From now on no journal can be written. */
async function fillTheDisk({ host }: Driver): Promise<void> {
  const handle = await open(join(host.folder, "any"), "w");
  await handle.close();
  const full = new Error("ENOSPC: no space left on device");
  const spy = vi.spyOn(Object.getPrototypeOf(handle), "appendFile").mockRejectedValue(full);
  onTestFinished(() => spy.mockRestore());
}

const BY_HAND =
  "azwise acr route in shopregistry --subscription 5a000000-0000-4000-8000-000000000001 --region westeurope --apply";

test("a second signal that leaves the replica out exits 6 and says how to put it back", async () => {
  const driver = await openDriver(close);
  inTheHold(driver, () => {
    driver.host.interrupt();
    driver.host.interrupt();
  });

  const { exit, error } = await end(rehearse, INPUT, driver.ctx);

  expect(exit).toBe(EXIT.partial);
  expect(error?.message).toMatch(
    /^interrupted; left where they are: .*; still to be done: Put westeurope back into global routing \(\/sub.*westeurope\)$/,
  );
  expect(error?.hint).toMatch(new RegExp(`^azwise runs resume \\S+, or ${BY_HAND}$`));
});

test("what came of a rehearsal is told although the journal cannot be written, with the command by hand", async () => {
  const driver = await openDriver((world) => {
    close(world);
    const match = { method: "PATCH", path: "/replications/westeurope" };
    world.faults.push({ name: "server-error", match, times: 99, skip: 1 });
  });
  inTheHold(driver, () => fillTheDisk(driver));

  const view = await run(driver);

  expect([told(view).exit, isOut(driver)]).toEqual([EXIT.partial, true]);
  expect(told(view).text).toContain(
    `may still be out of global routing; put it back with: azwise runs resume`,
  );
  expect(view.notes.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(
      new RegExp(
        `^cannot write the journal of run \\S+, so it does not tell all of this; by hand: ${BY_HAND}$`,
      ),
    ),
  );
});

test("a replica that is back proves nothing where the journal could not be written", async () => {
  const driver = await openDriver(close);
  inTheHold(driver, () => fillTheDisk(driver));

  const { exit, text } = told(await run(driver));

  expect([exit, text, isOut(driver)]).toEqual([
    EXIT.failed,
    "not proven: the journal could not be written",
    false,
  ]);
});
