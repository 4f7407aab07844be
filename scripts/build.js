// Bundles src/ into dist/: one chunk per room and per SDK, so that a verb loads only what it uses.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

/** The operation groups of the compute client that src/azure/compute.ts calls. */
const COMPUTE_GROUPS = [
  "capacityReservationGroups",
  "capacityReservations",
  "resourceSkus",
  "virtualMachineScaleSets",
  "virtualMachines",
];

/**
 * The compute client's constructor wires up fifty operation groups, which no bundler can prove unused and
 * which every start would have to parse. Only those we call are left in; the build fails when the client
 * no longer looks as expected.
 */
const trimComputeClient = {
  name: "trim-compute-client",
  setup({ onLoad }) {
    onLoad({ filter: /arm-compute[\\/]dist[\\/]esm[\\/]computeManagementClient\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      let kept = 0;
      const contents = source.replace(
        /^\s*this\.(\w+) = _get\w+Operations\(this\._client\);$/gm,
        (line, group) => {
          const used = COMPUTE_GROUPS.includes(group);
          kept += used ? 1 : 0;
          return used ? line : "";
        },
      );
      if (kept !== COMPUTE_GROUPS.length) throw new Error(`trimmed ${path}, but kept ${kept} groups`);
      return { contents, loader: "js" };
    });
  },
};

/** Bundles with esbuild, which splits only ES modules, and turns each chunk into a script that V8 can cache. */
async function writeChunks() {
  const { outputFiles } = await build({
    entryPoints: ["src/main.ts"],
    outdir: "dist/chunks",
    bundle: true,
    splitting: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    minify: true,
    logLevel: "warning",
    plugins: [trimComputeClient, lazyChildProcess],
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

/** commander loads node:child_process for subcommands in files of their own, which azwise does not have. */
const lazyChildProcess = {
  name: "lazy-child-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      /node_modules[\\/]commander[\\/]/.test(importer) ? { path, namespace: "lazy" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, () => ({
      contents: 'module.exports = { get spawn() { return require("child_process").spawn; } };',
    }));
  },
};

await rm("dist", { recursive: true, force: true });
await writeChunks();
await copyFile("scripts/loader.js", "dist/main.js");
await import("./warm.js");
