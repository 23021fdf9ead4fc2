// Installed apps and their board as text: a line of a list, and the report of "Info" in the manner of `tockloader info`.
import type { BoardInfoBody, InstalledAppInfo } from "../../adapter/protocol.js";
import { bytes, hex, readable } from "../panels/text.js";
import type { AppOnBoard } from "./board.js";

/** The name of an app in flash; one without a name is known by its address. */
export const titleOf = ({ name, address }: AppOnBoard): string =>
  name === "" ? hex(address ?? 0) : readable(name).text;

/** What distinguishes an app from another of its name, as far as the board tells. */
export function describe(app: AppOnBoard): string {
  const { address, size, version, enabled, sticky, state, threadId } = app;
  const running = threadId === undefined ? undefined : state;
  const at = address === undefined ? "" : ` at ${hex(address)}`;
  return [
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(size === undefined ? [] : [`${bytes(size)}${at}`]),
    ...(enabled === false ? ["disabled"] : running === undefined ? [] : [running]),
    ...(sticky ? ["sticky"] : []),
  ].join(" · ");
}

export function boardReport(board: BoardInfoBody, apps: readonly InstalledAppInfo[]): string {
  const { name, description, architecture, kernelVersion, appFlash, drivers } = board;
  return [
    `Board:          ${name}`,
    `                ${description}`,
    `Architecture:   ${architecture}`,
    `Kernel version: ${kernelVersion}`,
    `Flash for apps: ${bytes(appFlash.size)} at ${hex(appFlash.address)}`,
    "",
    `Apps: ${apps.length}`,
    ...apps.map(app => `  ${titleOf(app)}: ${describe(app)}`),
    "",
    `Drivers: ${drivers.length}`,
    ...drivers.map(({ number, name }) => `  0x${number.toString(16).padEnd(6)} ${name}`.trimEnd()),
    "",
  ].join("\n");
}
