// They export nothing: they define globals, whose few used members official.ts declares.
declare module "@kusto/language-service-next/bridge.min.js";
declare module "@kusto/language-service-next/Kusto.Language.Bridge.min.js";
