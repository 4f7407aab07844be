import { expect, test } from "vitest";
import { attach } from "../../../src/topics/odcr/attach.ts";
import { openDriver } from "../../harness.ts";

test("what moves while a person thinks about the question is noticed before anything is sent", async () => {
  const { ctx, open } = await openDriver();
  const input = attach.input.parse({ vm: ["shop-web-01"], apply: true });
  const confirmOrStop = async (): Promise<boolean> => {
    const machine = Object.values(open.world.resources).find(({ name }) => name === "shop-web-01");
    Object.assign(machine?.properties ?? {}, { hardwareProfile: { vmSize: "Standard_E8s_v5" } });
    return true;
  };

  await expect(attach.run(input, { ...ctx, confirmOrStop })).rejects.toMatchObject({
    kind: "changes",
    message: expect.stringContaining('vmSize was "Standard_D4s_v5", is "Standard_E8s_v5"'),
  });
  expect(open.changes()).toEqual([]);
});
