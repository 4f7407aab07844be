import { expect, test } from "vitest";
import { AzureError } from "../../../src/azure/azure-error.ts";
import { toBatch, type Batch } from "../../../src/topics/kql/failures/collect.ts";
import { deliver, type Delivery } from "../../../src/topics/kql/failures/deliver.ts";

/** Throws for what is not accepted. */
type Send = () => void;

function batchOf(...events: number[]): Batch {
  const text = `[${events.map((event) => `{"n":${event}}`).join(",\n")}]`;
  return toBatch({ events, text, bytes: text.length });
}

async function run(send: Send, mayGoOn = (): boolean => true): Promise<Delivery[]> {
  return deliver([batchOf(1, 2, 3, 4)], {
    send: async () => {
      send();
      return { mayBeTwice: false };
    },
    atOnce: 1,
    mayGoOn,
    isAborted: () => false,
    onDone: () => {},
  });
}

const fates = (deliveries: Delivery[]): unknown[] => deliveries.map(({ events, fate }) => [events, fate]);

/** Refuses what comes first as too large. */
function tooLarge(uncertain: boolean): Send {
  let count = 0;
  return () => {
    count += 1;
    if (count === 1) throw new AzureError("failed", "too large", { status: 413, uncertain });
  };
}

test("what is too large for certain goes in halves", async () => {
  expect(fates(await run(tooLarge(false)))).toEqual([
    [[1, 2], "accepted"],
    [[3, 4], "accepted"],
  ]);
});

test("what may have arrived before it was too large is not sent again in halves", async () => {
  expect(fates(await run(tooLarge(true)))).toEqual([[[1, 2, 3, 4], "unsure"]]);
});

test("Ctrl-C after the first half keeps the second one back", async () => {
  let sent = 0;
  const send = tooLarge(false);
  const deliveries = await run(
    () => {
      send();
      sent += 1;
    },
    () => sent === 0,
  );

  expect(fates(deliveries)).toEqual([
    [[1, 2], "accepted"],
    [[3, 4], "untried"],
  ]);
});
