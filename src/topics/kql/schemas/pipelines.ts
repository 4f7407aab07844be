import { tableSchema } from "./table-schema.ts";

/** The article's table of pipeline failures, with every field of its example event. */
export const pipelineErrors = tableSchema(
  "DataDomain_SynapsePipelineErrors_CL",
  {
    TimeGenerated: "datetime",
    PipelineName: "string",
    PipelineRunId: "string",
    PipelineStatus: "string",
    ActivityName: "string",
    ActivityType: "string",
    ActivityStatus: "string",
    ErrorCode: "string",
    ErrorMessage: "string",
    Severity: "string",
    Environment: "string",
    Layer: "string",
    ExecutionStage: "string",
    DatasetName: "string",
    PartitionDate: "datetime",
    WorkspaceName: "string",
    TriggerName: "string",
    TriggerTimeUtc: "datetime",
    DurationMs: "long",
    RetryCount: "int",
    Compute: "string",
    CorrelationId: "string",
    Payload: "dynamic",
  },
  ["failure-logging/table-fields", "azure-wire/failure-event-has-no-status"],
);

/** Runs of pipelines, by a diagnostic setting of a data factory with resource-specific tables. */
export const adfPipelineRuns = tableSchema(
  "ADFPipelineRun",
  {
    TimeGenerated: "datetime",
    CorrelationId: "string",
    End: "datetime",
    ErrorCode: "string",
    ErrorMessage: "string",
    FailureType: "string",
    PipelineName: "string",
    ResourceId: "string",
    RunId: "string",
    Start: "datetime",
    Status: "string",
    _ResourceId: "string",
  },
  ["azure-wire/data-factory-tables"],
);

/** Runs of the activities of pipelines, likewise. */
export const adfActivityRuns = tableSchema(
  "ADFActivityRun",
  {
    TimeGenerated: "datetime",
    ActivityName: "string",
    ActivityRunId: "string",
    ActivityType: "string",
    CorrelationId: "string",
    End: "datetime",
    ErrorCode: "string",
    ErrorMessage: "string",
    FailureType: "string",
    PipelineName: "string",
    PipelineRunId: "string",
    ResourceId: "string",
    Start: "datetime",
    Status: "string",
    _ResourceId: "string",
  },
  ["azure-wire/data-factory-tables"],
);
