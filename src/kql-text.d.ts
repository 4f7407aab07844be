/** Texts of queries come as they are: by a loader of esbuild in the bundle, by a plugin of vitest in the tests. */
declare module "*.kql" {
  const text: string;
  export default text;
}
