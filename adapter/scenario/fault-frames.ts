// The stack of a fault as an outcome tells it.
import { remarkOf } from "../stack.js";
import type { Frame } from "../symbols/model.js";
import type { HeardFault } from "./heard.js";
import type { FaultFrame, FaultResult } from "./model.js";

/** Its place as the debug information says it. */
export const frameOf = (frame: Frame): FaultFrame => {
  const { name, location } = frame;
  const place = location && { file: location.path, line: location.line, column: location.column };
  return { name: name + remarkOf(frame), ...place };
};

/** A fault whose frames name the sources that are on this computer, and no others. */
export async function located({ claimed: _, sources, ...fault }: HeardFault): Promise<FaultResult> {
  const found = ({ file }: FaultFrame) => (file === undefined ? undefined : sources?.resolve(file));
  const stack = fault.stack.map(async frame => {
    const file = await found(frame);
    return file === undefined ? { name: frame.name } : { ...frame, file };
  });
  return { ...fault, stack: await Promise.all(stack) };
}
