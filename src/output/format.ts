export const FORMATS = ["table", "json", "yaml", "tsv", "md"] as const;
export type Format = (typeof FORMATS)[number];
