// Routes of exception filters: `setExceptionBreakpoints`, and what `exceptionInfo` tells of a stop at one of them.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Fields } from "../arguments.js";
import type { Control } from "../control.js";
import type { StopInfo } from "../stops.js";
import { type FilterId, filters } from "./filters.js";

export function setExceptionBreakpoints(args: Fields, control: Control) {
  const plain = args.list("filters").map(filter => ({
    filter: String(filter),
    condition: undefined,
  }));
  const options = args.list("filterOptions").map((value, i) => {
    const option = new Fields(`${args.where}: "filterOptions[${i}]"`, value);
    return { filter: option.string("filterId"), condition: option.optionalString("condition") };
  });
  return { breakpoints: control.exceptions.set([...plain, ...options]) };
}

export function filterInfo(
  id: FilterId,
  { description, text }: StopInfo,
): DebugProtocol.ExceptionInfoResponse["body"] {
  const typeName = filters.find(filter => filter.id === id)?.label ?? id;
  return {
    exceptionId: id,
    ...(text === undefined ? {} : { description: text }),
    breakMode: "always",
    details: { message: text ?? "", typeName, fullTypeName: description ?? typeName },
  };
}
