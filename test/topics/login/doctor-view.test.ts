import { expect, test } from "vitest";
import type { Finding } from "../../../src/topics/login/doctor-finding.ts";
import { viewDoctor } from "../../../src/topics/login/doctor-view.ts";

const OLD: Finding = {
  id: "az-old",
  severity: "warning",
  title: "az is old",
  evidence: "2.45.0",
  command: "az upgrade",
  because: ["az-login-discovery/needs-2-86"],
};

test("findings are rows and data, and the fastest commands come last", () => {
  const fastest = { azwise: "azwise login", az: "az login", because: ["az-login-discovery/fast-and-pinned"] };

  const view = viewDoctor({ findings: [OLD], fastest, failOn: "warning" });

  expect(view).toEqual({
    data: {
      failOn: "warning",
      counts: { error: 0, warning: 1, info: 0 },
      findings: [{ ...OLD }],
      fastest,
    },
    tables: [
      {
        columns: [{ header: "severity" }, { header: "check" }, { header: "finding" }, { header: "next" }],
        rows: [
          {
            cells: [{ text: "warning", tone: "warn" }, "az-old", "az is old: 2.45.0", "az upgrade"],
            because: OLD.because,
          },
        ],
      },
    ],
    notes: [
      { level: "info", text: "fastest sign-in with az: az login", because: fastest.because },
      { level: "info", text: "fastest sign-in with azwise: azwise login", because: fastest.because },
    ],
    exit: 3,
  });
});

test("where az cannot go there is one command, and no text where nothing is to be typed", () => {
  const fastest = { azwise: "azwise login", az: undefined, because: [] };

  const { data, notes } = viewDoctor({
    findings: [{ ...OLD, command: undefined }],
    fastest,
    failOn: "error",
  });

  expect(data).toMatchObject({
    findings: [{ command: null }],
    fastest: { azwise: "azwise login", az: null },
  });
  expect(notes.map(({ text }) => text)).toEqual(["fastest sign-in with azwise: azwise login"]);
});
