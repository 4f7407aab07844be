/** Who another tool would sign in as, as far as its files and variables say. */
export interface ToolPrincipal {
  /** What `value` is; "nothing" when it is only words for people. */
  by: "sign-in name" | "client id" | "object id" | "nothing";
  value: string;
  /** The tenant in which an object id is valid. */
  tenantId?: string;
  /** Why it may turn out to be somebody else, so that a difference proves nothing. */
  unsure?: string;
}

/** Where another tool leads; what it does not name is left out. */
export interface ToolTarget {
  /** By azwise's name for it. */
  cloud?: string | undefined;
  /** GUID or domain, as the tool has it. */
  tenant?: string | undefined;
  /** Why the tenant's GUID could not be found out. */
  tenantUnsure?: string | undefined;
  subscription?: string | undefined;
  principal?: ToolPrincipal | undefined;
}

/** What was found out about another tool, by reading alone. */
export type ToolReading = ToolInUse | ToolNotRead;

export interface ToolInUse extends ToolPlace {
  state: "in use";
  target: ToolTarget;
  /** What else a person should know about it. */
  remark?: string | undefined;
}

export interface ToolNotRead extends ToolPlace {
  state: "not in use" | "unknown";
  reason: string;
}

export interface ToolPlace {
  tool: string;
  /** The file or the variables that said so. */
  from: string;
  /** Fact ids. */
  because?: readonly string[] | undefined;
}
