// What `initialize` declares: exactly what works, see docs/dap.md for the test that shows each.
import type { DebugProtocol } from "@vscode/debugprotocol";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsTerminateRequest: true,
  supportsRestartRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
  supportsInstructionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsExceptionFilterOptions: true,
  supportsSteppingGranularity: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [".", ">", "$"],
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsExceptionInfoRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsCancelRequest: true,
  exceptionBreakpointFilters: [
    {
      filter: "fault",
      label: "Faults of apps",
      description: "Stops at a fault, before the kernel's fault policy acts.",
      default: true,
      supportsCondition: true,
      conditionDescription: "Stops only where this expression is true in the faulting function.",
    },
  ],
};
