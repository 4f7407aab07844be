/** Version of saved plans and journals; apart from the schema, so that making a plan need not load it. */
export const PLAN_FORMAT = 2;
