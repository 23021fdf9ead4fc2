// What is said of an installation before anything is written: what the app needs, where it goes, what will not work.
import type { InstallPlanBody } from "../../adapter/protocol.js";
import { bytes, hex, readable } from "../panels/text.js";

export interface PlanText {
  /** The question, or why there is none. */
  message: string;
  detail: string;
  /** The button that goes ahead; absent where the app cannot be installed. */
  action?: string;
}

export function planText(plan: InstallPlanBody): PlanText {
  const { refusal, replaces, address, warnings } = plan;
  const name = nameOf(plan.name);
  const detail = [needs(plan), ...warnings.map(text => readable(text, 600).text)].join("\n\n");
  if (refusal !== undefined || address === undefined)
    return { message: readable(refusal ?? `${name} does not fit.`, 600).text, detail };
  if (replaces === undefined)
    return { message: `Install ${name} at ${hex(address)}?`, detail, action: "Install" };
  const message = `${name} version ${replaces.version} is installed. Replace it by version ${plan.version}?`;
  return { message, detail, action: "Replace" };
}

function needs(plan: InstallPlanBody): string {
  const { variant, flash, ram, kernelVersion, fixedFlash, fixedRam } = plan;
  const at = (address: number | undefined) =>
    address === undefined ? "" : ` at ${hex(address)} and nowhere else`;
  return [
    `Flash: ${bytes(flash)}${at(fixedFlash)}`,
    `RAM: at least ${bytes(ram)}${at(fixedRam)}`,
    `Kernel: ${kernelVersion === undefined ? "not told" : `${kernelVersion} or later`}`,
    ...(variant === undefined ? [] : [`Binary: ${readable(variant).text}`]),
  ].join("\n");
}

export const nameOf = (name: string): string => (name === "" ? "The app" : readable(name).text);
