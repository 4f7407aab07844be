// Bundles src/ into dist/: one chunk per room and per SDK, so that a verb loads only what it uses.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

/**
 * The compute client's constructor wires up fifty operation groups, which no bundler can prove unused and
 * which every start would have to parse. Only those that src/azure names, where it uses the client, are left in; the
 * build fails when the client no longer looks as expected.
 */
const trimComputeClient = {
  name: "trim-compute-client",
  setup({ onLoad }) {
    onLoad({ filter: /arm-compute[\\/]dist[\\/]esm[\\/]computeManagementClient\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const ours = await readUsesOfClient();
      let kept = 0;
      const contents = source.replace(
        /^\s*this\.(\w+) =\s+_get\w+Operations\(this\._client\);$/gm,
        (line, group) => {
          // As client.usage, or as const { virtualMachines } = client.
          const used = new RegExp(`(\\.|\\{ )${group}\\b`).test(ours);
          kept += used ? 1 : 0;
          return used ? line : "";
        },
      );
      if (kept === 0) throw new Error(`nothing in ${path} looks like an operation group`);
      return { contents, loader: "js" };
    });
  },
};

/** All of src/azure that imports the compute client or its types, as one text. */
async function readUsesOfClient() {
  const names = (await readdir("src/azure")).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(names.map((name) => readFile(`src/azure/${name}`, "utf8")));
  return texts.filter((text) => text.includes('from "@azure/arm-compute"')).join("\n");
}

/** What packages load at their start although most runs never call it: subcommands in files, the network, proxies. */
const LAZY = /^(?:node:)?(child_process|http|https|zlib|http-proxy-agent|https-proxy-agent)$/;

/** Puts a module of getters in the place of such a package, so that it is loaded when it is first used. */
const lazyModules = {
  name: "lazy-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: LAZY }, ({ importer, path, resolveDir, namespace }) => {
      if (namespace === "lazy" || !importer.includes("node_modules")) return undefined;
      return { path: LAZY.exec(path)[1], namespace: "lazy", pluginData: resolveDir };
    });
    onLoad({ filter: /.*/, namespace: "lazy" }, async ({ path, pluginData }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => /^\w+$/.test(name) && name !== "default",
      );
      const getters = names.map((name) => `get ${name}() { return require("${path}").${name}; }`);
      return { contents: `module.exports = { ${getters.join(", ")} };`, resolveDir: pluginData };
    });
  },
};

/** Bundles with esbuild, which splits only ES modules, and turns each chunk into a script that V8 can cache. */
async function writeChunks() {
  const { outputFiles } = await build({
    entryPoints: ["src/main.ts", "src/docker-credential.ts"],
    outdir: "dist/chunks",
    bundle: true,
    splitting: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    minify: true,
    logLevel: "warning",
    plugins: [trimComputeClient, lazyModules],
    loader: { ".kql": "text" },
    // Five megabytes that define globals, for the few verbs that read queries.
    external: ["@kusto/*"],
    define: { "process.env.NODE_ENV": '"production"' },
  });
  await mkdir("dist/chunks", { recursive: true });
  const supported = { "dynamic-import": false };
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: "cjs",
      platform: "node",
      target: "node20",
      minify: true,
      supported,
    });
    await writeFile(path, code);
  }
}

await rm("dist", { recursive: true, force: true });
await writeChunks();
await copyFile("scripts/loader.js", "dist/main.js");
await import("./warm.js");
