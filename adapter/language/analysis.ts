// What is made of a dump once its programs are found: a scene per process, the explanation, and sources on the client's side.
import type { CrashBody, Scene } from "../crash/model.js";
import type { SourceLocation } from "../symbols/model.js";
import type { Dump } from "./dump.js";

export interface Analysis {
  body: CrashBody;
  /** By the process's index in the report. */
  scenes: readonly Scene[];
  /** The process that `body` explains. */
  explained: number | undefined;
  /** URI of a source of a process on the client's side; `null`: of the process that is explained. */
  sourceOf(process: number | null, location: SourceLocation): Promise<string | undefined>;
  /** URI of a source file of the kernel, by the path that a panic names. */
  kernelSource(path: string): Promise<string | undefined>;
  /** Source and instructions at run-time addresses; `undefined` without an ELF, or a disassembler for it. */
  listingOf(process: number): Promise<string | undefined>;
}

/** Makes analyses, each once. */
export interface Analyzer {
  analyze(uri: string, dump: Dump): Promise<Analysis>;
  /** What is known without waiting. */
  known(dump: Dump): Analysis | undefined;
}
