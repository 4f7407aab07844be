import fc from "fast-check";
import { expect, test } from "vitest";
import { formatImageReference, parseImageReference } from "../../../src/topics/acr/image-reference.ts";

const DIGEST = `sha256:${"a1".repeat(32)}`;

test.each([
  ["app", undefined, "", "app", undefined, undefined],
  ["shopregistry", undefined, "", "shopregistry", undefined, undefined],
  ["shopregistry/app:1", undefined, "", "shopregistry/app", "1", undefined],
  ["shop.azurecr.io", undefined, "", "shop.azurecr.io", undefined, undefined],
  ["shop.azurecr.io/app", "shop.azurecr.io", "", "app", undefined, undefined],
  ["SHOP.azurecr.io/a/b_c/d--e:V1.0_x", "SHOP.azurecr.io", "", "a/b_c/d--e", "V1.0_x", undefined],
  ["localhost/app", "localhost", "", "app", undefined, undefined],
  ["localhost:5000/app:5000", "localhost", ":5000", "app", "5000", undefined],
  ["Host/app", "Host", "", "app", undefined, undefined],
  ["[2001:db8::1]:443/app", "[2001:db8::1]", ":443", "app", undefined, undefined],
  [`shop.azurecr.io:443/app:1@${DIGEST}`, "shop.azurecr.io", ":443", "app", "1", DIGEST],
  [`shop.azurecr.io/app@${DIGEST}`, "shop.azurecr.io", "", "app", undefined, DIGEST],
])("%s is taken apart", (text, host, port, path, tag, digest) => {
  expect(parseImageReference(text)).toEqual({ host, port, path, tag, digest });
});

test.each([
  "",
  "/app",
  "shop.azurecr.io/",
  "shop.azurecr.io//app",
  "shop.azurecr.io/App",
  "shop.azurecr.io/app:",
  "shop.azurecr.io/app:-1",
  "shop.azurecr.io/app@",
  "shop.azurecr.io/app@sha256:abc",
  `shop.azurecr.io/app@${DIGEST}@${DIGEST}`,
  "shop.azurecr.io/app:1:2",
  "shop.azurecr.io:port/app",
  "shop..io/app",
  "-shop.io/app",
  " shop.azurecr.io/app",
  "shop.azurecr.io/app\n",
  "https://shop.azurecr.io/app",
  "oci://shop.azurecr.io/chart",
  "shop.azurecr.io/{{ .Values.name }}:1",
  `shop.azurecr.io/${"a".repeat(250)}`,
])("%j is no reference", (text) => {
  expect(parseImageReference(text)).toBeUndefined();
});

const pathPart = fc.stringMatching(/^[a-z0-9]{1,5}((\.|__?|-{1,3})[a-z0-9]{1,5}){0,2}$/);
const reference = fc.record({
  host: fc.option(fc.stringMatching(/^[a-zA-Z0-9]{1,8}(\.[a-zA-Z0-9]{1,8}){1,3}$/), { nil: undefined }),
  port: fc.constantFrom("", ":443", ":5000"),
  path: fc.array(pathPart, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
  tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,9}$/), { nil: undefined }),
  digest: fc.option(fc.constant(DIGEST), { nil: undefined }),
});

test("what is put together is taken apart again", () => {
  fc.assert(
    fc.property(reference, (made) => {
      const port = made.host === undefined ? "" : made.port;
      // "localhost" or a dot in front of a slash would be a host.
      fc.pre(made.host !== undefined || !/^(localhost|[^/]*\.[^/]*)\//.test(made.path));

      expect(parseImageReference(formatImageReference({ ...made, port }))).toEqual({ ...made, port });
    }),
  );
});

test("whatever is typed, it does not throw, and what it takes apart it puts together again", () => {
  const piece = fc.constantFrom(
    "a",
    "Z",
    "9",
    ".",
    "-",
    "_",
    "/",
    ":",
    "@",
    "[",
    "]",
    " ",
    "{{",
    "localhost",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (typed) => {
      const parsed = parseImageReference(typed);

      expect(parsed === undefined ? typed : formatImageReference(parsed)).toBe(typed);
    }),
    { numRuns: 1000 },
  );
});
