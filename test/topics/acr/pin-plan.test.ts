import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requireSameBut } from "../../../src/topics/acr/image-places.ts";
import { reverse, splice } from "../../../src/topics/acr/pin-plan.ts";
import { EAST, GLOBAL, pinText, WEST } from "./pin-text.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

/** The text with every global host where `§` is. */
function at(text: string, host = GLOBAL): string {
  return text.replaceAll("§", host);
}

const GONE = "shop.northeurope.geo.azurecr.io";
const STRANGER = "a regional host that this registry does not have";
const IN_VARIABLE = "its host is in a variable";
const TEMPLATE = "is in a template that is no YAML, so it is not changed";

describe("every § names the global host, and comes to name the regional one, and nothing else changes", () => {
  test.each([
    ["a container", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: §/app:1 # §/app:1\n"],
    [
      "init and ephemeral containers",
      "initContainers: [{image: §/a}]\nephemeralContainers: [{image: §/b:2}]",
    ],
    ["several documents", "image: §/a\n---\n# §/c\nimage: §/b\n...\n---\n"],
    ["a digest", `image: §/app@${DIGEST}`],
    ["a tag and a digest", `image: §/app:V1@${DIGEST}`],
    ["port 443", "image: §:443/app:1"],
    ["quotes", "a: {image: '§/app'}\nb: {image: \"§/app:1\"}\n"],
    ["CRLF and no end of line", "a:\r\n  image: §/app:1  # keep\r\nb: '  '"],
    ["a byte order mark", "\uFEFFimage: §/app:1\n"],
    ["a tab in a comment", "image: §/app:1\t#\ttabs\n\t\nx: 1"],
    ["a folded block", "image: >- # block\n  §/app:1\nx: 1\n"],
    ["a literal block", "image: |-\n      §/app:1\n\nx: 1\n"],
    ["a value below its key", "image:\n    §/app:1\n"],
    ["an anchor and its aliases", "image: &app §/app:1\nother:\n  image: *app\nthird: {image: *app}\n"],
    ["an anchor that is no image itself", "x-app: &app §/app:1\nservices: {web: {image: *app}}\n"],
    ["a merged mapping", "x-base: &base\n  image: §/app:1\nservices:\n  web:\n    <<: *base\n"],
    ["a tagged value", "image: !!str §/app:1"],
    ["Compose with variables", 'services:\n  web:\n    image: "§/app:${TAG:-1.0}"\n'],
    ["a repository", "image:\n  repository: §/team/app\n  tag: '1'\n"],
    ["a repository that is a host", "image:\n  repository: §\n  name: app\n"],
    ["a registry beside a repository", "web:\n  registry: §\n  repository: app\n"],
    ["a registry of an image", "sidecarImage: {registry: §, name: app, digest: x}"],
    ["a global registry", "global:\n  imageRegistry: §\n"],
    ["a key that ends in Image", "initImage: §/init:1"],
    ["Kustomize", `images:\n- name: app\n  newName: §/app\n  newTag: "2"\n  digest: ${DIGEST}\n`],
    ["a custom resource", "apiVersion: example.com/v1\nkind: Thing\nspec: {image: §/app}"],
    ["values in a HelmRelease", "apiVersion: x/v2\nkind: R\nspec: {values: {image: {repository: §/app}}}"],
    ["JSON", '{"kind": "Pod", "spec": {"containers": [{"image": "§/app:1"}]}}'],
    ["a template that is YAML", "image: §/app:1\nname: '{{ .Release.Name }}'\n"],
  ])("%s", async (_, text) => {
    const pinned = await pinText(at(text));
    const again = await pinText(pinned.text);

    // Comments keep the global host.
    const expected = text
      .split("\n")
      .map((line) => {
        const comment = line.search(/(^|\s)#/);
        const [code, rest] = comment < 0 ? [line, ""] : [line.slice(0, comment), line.slice(comment)];
        return at(code, WEST) + at(rest);
      })
      .join("\n");
    expect(pinned.text).toBe(expected);
    expect([again.text, again.changes, again.left]).toEqual([pinned.text, [], []]);
    expect(again.pinned).toBe(pinned.changes.length);
    expect(splice(pinned.text, reverse(pinned.changes.map(({ edit }) => edit)))).toBe(at(text));
  });
});

describe("is left alone without a word", () => {
  test.each([
    ["Docker Hub", "image: shop/app:1\nother: {image: shop}"],
    ["another registry", "image: other.azurecr.io/app"],
    ["a name that ends like it", "image: notshop.azurecr.io/app\na: {image: x.shop.azurecr.io/app}"],
    ["a name that begins like it", `image: ${GLOBAL}.example.com/app\na: {image: ${GLOBAL}x/app}`],
    [
      "a longer name in an argument",
      `args: [--a=not${GLOBAL}/a, x.${GLOBAL}/b, ${GLOBAL}.example.com, ${GLOBAL}x]`,
    ],
    ["a regional host of another registry", "image: notshop.northeurope.geo.azurecr.io/app"],
    ["a longer name", `image: ${GONE}.example.com/app\na: {image: x.${GONE}/app, b: [--a=x-${GONE}/a]}`],
    [
      "a longer default",
      `image: "\${REG:-not-${GLOBAL}}/app"\nb: {image: "\${REG:-${GLOBAL}.example.com}/app"}`,
    ],
    ["a dash outside of a variable", `args: ["a:-${GLOBAL}/b"]`],
    ["a data host", "image: shop.westeurope.data.azurecr.io/app"],
    ["a path of another registry", `image: mirror.example.com/${GLOBAL}/app`],
    ["a comment", `# image: ${GLOBAL}/app\nx: 1 # ${GLOBAL}/app`],
    ["a number and nothing", "image: 1\nother: {image: }\nthird: {image: null}"],
  ])("%s", async (_, text) => {
    expect(await pinText(text)).toMatchObject({ text, changes: [], left: [], pinned: 0 });
  });
});

describe("is told, and left alone", () => {
  test.each<[string, string, string, boolean]>([
    ["an argument", `args: ["--image=${GLOBAL}/app"]`, "not known to be an image", false],
    [
      "an environment variable",
      `env: [{name: image, value: ${GLOBAL}/a}]`,
      "not known to be an image",
      false,
    ],
    ["a variable of Compose", `environment: {image: ${GLOBAL}/a}`, "not known to be an image", false],
    [
      "data",
      `{apiVersion: v1, kind: ConfigMap, data: {image: ${GLOBAL}/a}}`,
      "not known to be an image",
      false,
    ],
    ["a key", `auths: {${GLOBAL}: {}}`, "not known to be an image", false],
    ["a chart", `repository: oci://${GLOBAL}/charts`, "not a valid image reference", true],
    [
      "a global registry with a slash",
      `global: {imageRegistry: ${GLOBAL}/}`,
      "not a valid image reference",
      true,
    ],
    ["a registry on its own", `credentials: {registry: ${GLOBAL}}`, "not known to be an image", false],
    ["upper case in the path", `image: ${GLOBAL}/App`, "not a valid image reference", true],
    ["another port", `image: ${GLOBAL}:5000/app`, "has the port 5000", true],
    ["escapes", `image: "\\x73hop.azurecr.io/app"`, "its host is not spelled out in the file", true],
    ["a default of Compose", `image: "\${REG:-${GLOBAL}}/app:1"`, IN_VARIABLE, true],
    ["a default for what is not set", `image: \${REG-${GLOBAL}}/app:1`, IN_VARIABLE, true],
    ["an image as a default", `image: "\${IMAGE:-${EAST}/app:1}"`, IN_VARIABLE, true],
    ["a default in a template", `{{ if x }}\nimage: \${REG:-${GLOBAL}}/app:1`, TEMPLATE, true],
    ["a regional host that is not there", `image: ${GONE}/app:1`, STRANGER, true],
    ["one with port 443 in quotes", `image: "${GONE}:443/app:1"`, STRANGER, true],
    ["one in upper case", `image: ${GONE.toUpperCase()}/app:1`, STRANGER, true],
    ["one as a repository", `image: {repository: ${GONE}, name: app}`, STRANGER, true],
    ["one before a template", `image: "${GONE}/{{ .Values.x }}"`, STRANGER, true],
    ["one in a line of a template", `{{ if x }}\nimage: '${GONE}/{{ .x }}:1'`, STRANGER, true],
    ["one as a default", `image: "\${REG:-${GONE}}/app:1"`, STRANGER, true],
    ["one as a default for what is not set", `image: \${REG-${GONE}}/app:1`, STRANGER, true],
    ["one in an argument", `args: [--image=${GONE}/a]`, "not known to be an image", false],
    ["a template", `image: "${GLOBAL}/{{ .Values.x }}"`, "holds a template", true],
    ["a template in a line", `{{ if x }}\nimage: ${GLOBAL}/{{ .Values.x }}:1`, TEMPLATE, true],
    ["a line of a template", `{{ if x }}\nimage: ${GLOBAL}/a`, TEMPLATE, true],
    ["an argument in a template", `{{ if x }}\nargs: [${GLOBAL}/a]`, TEMPLATE, true],
    ["a text in a template", `{{ if x }}\ntext: first\n  image: ${GLOBAL}/a`, TEMPLATE, true],
    ["a block of a template", `{{ if x }}\nimage: >-\n  ${GLOBAL}/a`, TEMPLATE, true],
    [
      "a Kustomize item without newName",
      `images: [{name: ${GLOBAL}/app, newTag: "2"}]`,
      `matches the base, so leave that as it is, and add newName: ${WEST}/app`,
      true,
    ],
  ])("%s", async (_, text, why, isUnpinned) => {
    expect(await pinText(text)).toMatchObject({ text, changes: [], left: [{ why, isUnpinned }] });
  });
});

test("an image from a template is decided elsewhere", async () => {
  const parsed = await pinText("image: {{ .Values.image }}\nother:\n  image: '{{ .x }}:{{ .y }}'\n");
  const lines = await pinText("{{- with .Values }}\nimage: {{ .image }}\n{{- end }}\n");

  expect([parsed.undecided, parsed.left, lines.left]).toEqual([2, [], []]);
});

test("comments of a template are not told, every other line that names the registry is", async () => {
  const text = `{{- /*\nimage: ${GLOBAL}/a }}\n*/ -}}\n{{ if x }}\nscript: |\n  a\n{{ x }}\n  image: ${GLOBAL}/b\n#image: ${GLOBAL}/c\nimage: ${GLOBAL}/d`;

  const { changes, left } = await pinText(text);

  expect([changes, left.map((each) => each.line)]).toEqual([[], [8, 10]]);
});

test("the name of a Kustomize item keeps matching the base, and is not told of when there is a newName", async () => {
  const pinned = await pinText(`images:\n- name: ${GLOBAL}/app\n  newName: ${GLOBAL}/app\n`);

  expect(pinned.text).toBe(`images:\n- name: ${GLOBAL}/app\n  newName: ${WEST}/app\n`);
  expect(pinned.left).toEqual([]);
});

test("what was pinned to another region is told of; letters of the host may be of any case", async () => {
  const pinned = await pinText(
    `a: {image: ${EAST}/app:1}\nb: {image: SHOP.Azurecr.io/app}\nc: {image: ${WEST}/x}`,
  );

  expect(pinned.changes.map(({ line, key, to, before }) => [line, key, to, before])).toEqual([
    [1, "a.image", `${WEST}/app:1`, "eastus2"],
    [2, "b.image", `${WEST}/app`, undefined],
  ]);
  expect([pinned.pinned, pinned.text]).toEqual([
    1,
    `a: {image: ${WEST}/app:1}\nb: {image: ${WEST}/app}\nc: {image: ${WEST}/x}`,
  ]);
});

test.each([
  ["a key twice", "image: a\nimage: b", "Map keys must be unique"],
  ["a tab as indentation", "a:\n\tb: 1", "Tabs are not allowed"],
  ["an open bracket", "a: [1", "Flow sequence"],
  ["too deep", "[".repeat(20_000), ""],
])("%s is refused", async (_, text, why) => {
  await expect(pinText(text)).rejects.toThrow(`f.yaml cannot be read as YAML: ${why}`);
});

test.each([
  ["another value", `b: not ${GLOBAL}/a`],
  ["a comment", `b: 1 # ${GLOBAL}/a`],
])("a change that would be made in %s is refused", async (_, elsewhere) => {
  const file = { name: "f.yaml", text: `a: {image: ${GLOBAL}/a}\n${elsewhere}\n` };
  const { changes } = await pinText(file.text);
  const at = file.text.lastIndexOf(GLOBAL);
  const misplaced = changes.map((each) => ({ ...each, edit: { ...each.edit, at } }));

  await expect(requireSameBut(file, changes)).resolves.toBeUndefined();
  await expect(requireSameBut(file, misplaced)).rejects.toThrow(
    "f.yaml would read differently in another place, too; no file was changed",
  );
});

test("an alias stands for the anchor before it, of its own document", async () => {
  const text = `x: &a ${GLOBAL}/one\ny: {image: *a}\nz: &a ${GLOBAL}/two\n---\nimage: *a\n`;

  const pinned = await pinText(text);

  expect(pinned.changes.map(({ key, to }) => [key, to])).toEqual([["x", `${WEST}/one`]]);
});

const host = fc.oneof(
  fc.constantFrom(GLOBAL, WEST, EAST, GONE, "SHOP.azurecr.io", "shop", "other.io", `${GLOBAL}.evil.com`),
  fc.constantFrom(`\${R:-${GLOBAL}}`, `\${R-${EAST}}`, `\${R-${GONE}}`, `a=${GLOBAL}`, `-${GLOBAL}`),
);
const ending = fc.constantFrom(
  "/app",
  "/a/b:1",
  ":443/app",
  `/app@${DIGEST}`,
  "/{{ .x }}",
  ":1/app",
  "/App",
  "",
);
const value = fc
  .tuple(host, ending, fc.constantFrom("", '"', "'", "&a ", ">-\n    ", "!!str ", "*a"))
  .map(([name, end, how]) => {
    if (how === "*a") return "*a";
    return how === '"' || how === "'" ? `${how}${name}${end}${how}` : `${how}${name}${end}`;
  });
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom("image", "repository", "x", "webImage"), fc.nat(9), value)
    .map(([key, number, text]) => `k${number}:\n  ${key}: ${text}`),
  fc.constantFrom("---", `# image: ${GLOBAL}/app`, "{{- if .x }}", "- image: a", "", "{{/* ", "*/}}", "t: |"),
  host.map((name) => `  image: ${name}/app # ${name}`),
);
const file = fc
  .tuple(
    fc.array(fc.oneof(line, fc.string({ unit: "binary" })), { maxLength: 8 }),
    fc.constantFrom("\n", "\r\n"),
  )
  .map(([lines, end]) => lines.join(end));

async function pinOrRefuse(text: string): ReturnType<typeof pinText> {
  return pinText(text).catch((error: Error) => {
    if (!error.message.includes("cannot be read as YAML")) throw error;
    return { text, changes: [], left: [], pinned: 0, undecided: 0 };
  });
}

test("whatever a file holds: only hosts of this registry change, twice is once, and there is a way back", async () => {
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(file, async (text) => {
      const pinned = await pinOrRefuse(text);
      const again = await pinOrRefuse(pinned.text);
      changed += pinned.changes.length;
      const edits = pinned.changes.map(({ edit }) => edit);

      expect([again.text, again.changes]).toEqual([pinned.text, []]);
      expect(splice(pinned.text, reverse(edits))).toBe(text);
      expect(edits.every(({ from, to }) => [GLOBAL, EAST].includes(from.toLowerCase()) && to === WEST)).toBe(
        true,
      );
      expect(edits.every((edit) => text.startsWith(edit.from, edit.at))).toBe(true);
    }),
    { numRuns: 1500 },
  );
  // Most of these texts are no YAML, and so are told and not changed.
  expect(changed).toBeGreaterThan(5);
});
