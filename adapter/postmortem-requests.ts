// Routes of a session that shows a crash dump: what only looks; all else says that nothing runs in a dump.
import type { Fields } from "./arguments.js";
import { completions } from "./change-requests.js";
import type { Client } from "./client.js";
import * as errors from "./errors.js";
import type { Files } from "./files.js";
import * as look from "./look-requests.js";
import type { Postmortem } from "./postmortem.js";

type Route = (args: Fields) => object | undefined | Promise<object | undefined>;

/** What `initialize` has declared and a dump cannot do; sent when it is opened. */
export const postmortemCapabilities = {
  supportsRestartFrame: false,
  supportsSetVariable: false,
  supportsSetExpression: false,
  supportsWriteMemoryRequest: false,
  supportsStepInTargetsRequest: false,
  supportsGotoTargetsRequest: false,
  supportsTerminateThreadsRequest: false,
  supportsRestartRequest: false,
  supportsDataBreakpoints: false,
  supportsInstructionBreakpoints: false,
  supportsFunctionBreakpoints: false,
};

/** `started` tells the client where the dump stands. */
export function postmortemRoutes(
  shown: Postmortem,
  client: Client,
  files: Files,
  started: () => undefined,
): Readonly<Record<string, Route>> {
  return {
    configurationDone: started,
    setBreakpoints: unverified,
    setFunctionBreakpoints: unverified,
    setInstructionBreakpoints: unverified,
    setDataBreakpoints: unverified,
    setExceptionBreakpoints: () => ({ breakpoints: [] }),
    breakpointLocations: () => ({ breakpoints: [] }),
    dataBreakpointInfo: () => ({ dataId: null, description: errors.noBreakpointInDump }),
    threads: () => ({ threads: shown.threads }),
    stackTrace: args => look.stackTrace(args, shown, client),
    scopes: args => look.scopes(args, shown),
    variables: args => look.variables(args, shown),
    locations: args => look.locations(args, shown, client),
    evaluate: args => look.evaluate(args, shown),
    completions: args => completions(args, shown, client),
    source: args => look.source(args, files, client),
    loadedSources: () => look.loadedSources(shown, client),
    exceptionInfo: args => look.exceptionInfo(args, shown),
    readMemory: args => look.readMemory(args, shown),
    disassemble: args => look.disassembly(args, shown, client),
    "tock/crash": () => shown.body,
  };
}

const unverified: Route = args => ({
  breakpoints: args
    .list("breakpoints")
    .map(() => ({ verified: false, message: errors.noBreakpointInDump })),
});
