import { defineConfig } from "vitest/config";

/** Texts of queries come as they are, as esbuild's text loader brings them into the bundle. */
const kqlText = {
  name: "kql-text",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith(".kql") ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
};

export default defineConfig({
  plugins: [kqlText],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxConcurrency: 12,
    sequence: { shuffle: true },
  },
});
