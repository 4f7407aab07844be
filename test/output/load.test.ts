import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { FORMATS } from "../../src/output/format.ts";
import { render } from "../../src/output/render.ts";
import { options, sample } from "./sample.ts";

const settings = { bundle: true, splitting: true, platform: "node", format: "esm" } as const;

/** Packages that a module loads before anything is called. */
async function packagesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    ...settings,
    entryPoints: [entry],
    packages: "external",
    outdir: "out",
    write: false,
    metafile: true,
  });
  const chunks = [
    Object.keys(metafile.outputs).find((name) => metafile.outputs[name]?.entryPoint === entry)!,
  ];
  const packages: string[] = [];
  for (const chunk of chunks) {
    for (const { path, kind, external } of metafile.outputs[chunk]!.imports) {
      if (kind !== "dynamic-import") (external ? packages : chunks).push(path);
    }
  }
  return packages;
}

test("rendering loads no package until a format, a colour or a wide character needs one", async () => {
  expect(await packagesOf("src/output/render.ts")).toEqual([]);
  expect(await packagesOf("src/output/progress.ts")).toEqual([]);
  expect(await packagesOf("src/output/error-text.ts")).toEqual(["chalk"]);
});

test("a bundle, where CommonJS packages have only a default export, renders the same", async () => {
  const outdir = await mkdtemp(join(tmpdir(), "azwise-"));
  onTestFinished(() => rm(outdir, { recursive: true }));
  const query = "{name: '日本', vms: vms[].name}";
  const contents = `
    import { FORMATS } from "./src/output/format.ts";
    import { render } from "./src/output/render.ts";
    import { options, sample } from "./test/output/sample.ts";
    const all = FORMATS.map((format) => render(sample, options({ format, query: ${JSON.stringify(query)} })));
    console.log(JSON.stringify(await Promise.all(all)));`;
  await build({
    ...settings,
    stdin: { contents, resolveDir: "." },
    outdir,
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);',
    },
  });

  const { stdout } = await promisify(execFile)(process.execPath, [join(outdir, "stdin.mjs")]);

  const expected = await Promise.all(FORMATS.map((format) => render(sample, options({ format, query }))));
  expect(JSON.parse(stdout)).toEqual(expected);
});
