export const FORMATS = ["table", "json", "yaml", "tsv", "md"] as const;
/** One JSON object a line, written while it is made; only verbs that say so have it. */
export const STREAMED = "ndjson";
export type Format = (typeof FORMATS)[number] | typeof STREAMED;
