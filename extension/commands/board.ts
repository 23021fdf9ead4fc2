// What the commands need of a board, be it the emulated one of a debug session or a real one behind tockloader.
import type { InstalledAppInfo, InstallPlanBody } from "../../adapter/protocol.js";

/** In tockloader's words. */
export type AppChange = "uninstall" | "enable" | "disable" | "sticky" | "unsticky";

/** An app as it can be told to the board again. */
export type AppOnBoard = Pick<InstalledAppInfo, "name"> & Partial<InstalledAppInfo>;

/** Each method that changes something gives the sentence that tells how it ended. */
export interface Board {
  /** What an installation would do; `undefined` where only trying tells. */
  plan(path: string): Promise<InstallPlanBody | undefined>;
  install(path: string, update: boolean): Promise<string>;
  apps(): Promise<readonly AppOnBoard[]>;
  change(verb: AppChange, app: AppOnBoard): Promise<string>;
  erase(): Promise<string>;
  restart(): Promise<string>;
  /** A report to be read. */
  info(): Promise<string>;
}
