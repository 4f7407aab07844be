import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

/** The chunks that are loaded with this module, before anything is called. */
function chunksOf(entry: string, { outputs }: Metafile): Metafile["outputs"][string][] {
  const names = [Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry)!];
  for (const name of names) {
    const loaded = outputs[name]?.imports.filter(
      ({ kind, external }) => kind !== "dynamic-import" && !external,
    );
    names.push(...(loaded ?? []).map(({ path }) => path).filter((path) => !names.includes(path)));
  }
  return names.flatMap((name) => outputs[name] ?? []);
}

test("the catalogue is loaded with the kql room alone, and the official parser not even then", async () => {
  const { metafile } = await build({
    entryPoints: ["src/main.ts", "src/topics/kql/room.ts"],
    outdir: "out",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "external",
    loader: { ".kql": "text" },
  });
  const textsWith = (entry: string): number =>
    chunksOf(entry, metafile)
      .flatMap(({ inputs }) => Object.keys(inputs))
      .filter((path) => path.endsWith(".kql")).length;
  const packages = chunksOf("src/topics/kql/room.ts", metafile).flatMap(({ imports }) =>
    imports.filter(({ external, kind }) => external && kind !== "dynamic-import").map(({ path }) => path),
  );

  expect(textsWith("src/main.ts")).toBe(0);
  expect(textsWith("src/topics/kql/room.ts")).toBeGreaterThan(20);
  expect(packages.filter((path) => path.startsWith("@kusto/"))).toEqual([]);
});
