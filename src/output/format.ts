export const FORMATS = ["table", "json", "yaml", "tsv", "md"] as const;
/** One JSON object a line, written while it is made; only verbs that say so have it. */
export const STREAMED = "ndjson";
/** Documents for other programs; only verbs that name them have them. */
export const OWN_FORMATS = ["sarif", "github"] as const;
export type OwnFormat = (typeof OWN_FORMATS)[number];
export type Format = (typeof FORMATS)[number] | typeof STREAMED | OwnFormat;
