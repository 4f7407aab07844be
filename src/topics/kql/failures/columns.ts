import { pipelineErrors } from "../schemas/pipelines.ts";
import type { TableSchema } from "../schemas/table-schema.ts";

/**
 * What a table of failures may have where nobody said otherwise: the fields of the article's example event, and Status,
 * which its list of columns has in place of two of them. So neither an event of the one kind nor of the other is cut.
 */
export const failureColumns: TableSchema = {
  ...pipelineErrors,
  columns: pipelineErrors.columns.flatMap((column) =>
    column.name === "ErrorCode" ? [{ name: "Status", type: "string" as const }, column] : [column],
  ),
};
