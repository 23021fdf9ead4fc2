// What upstream's `debug_process_credentials` prints of a check (kernel/src/process_checker.rs `check_footer`, `check_done`).
import {
  credentialFormats,
  type TbfCredentials,
  type TbfParseError,
  TlvType,
  tbfParseErrorText,
} from "../formats/tbf.js";
import type { CheckResult } from "./checker.js";

/** Numbers of upstream's `TbfHeaderTypes`; the last is `Unknown`. */
const KNOWN_TYPES: readonly number[] = Object.values(TlvType);
const UNKNOWN_TYPE = 129;

/** The binary that is checked. */
export interface CheckedBinary {
  name: string;
  hasName: boolean;
  /** Where it begins and ends in flash. */
  flash: { start: number; end: number };
  /** Where its footers begin, from its start. */
  binaryEnd: number;
}

export class CheckerDebug {
  readonly #debug: (line: string) => void;
  readonly #binary: CheckedBinary;

  constructor(binary: CheckedBinary, debug: (line: string) => void) {
    this.#binary = binary;
    this.#debug = debug;
  }

  /** The way to footer `before.length`: upstream walks over all that lie before it each time. */
  walked(before: readonly TbfCredentials[]): void {
    const { name, hasName, flash, binaryEnd } = this.#binary;
    const option = hasName ? `Some(${JSON.stringify(name)})` : "None";
    const footers = flash.start + binaryEnd;
    this.#debug(`Checking: Checking ${option} footer ${before.length}`);
    this.#debug(
      `Checking: Integrity region is ${range(flash.start, footers)}; footers at ${range(footers, flash.end)}`,
    );
    for (const footer of before) {
      this.#slice(footer.offset);
      this.#found(footer);
    }
  }

  /** There is no footer number `index`. */
  ended(index: number, error: TbfParseError): void {
    this.#slice(error.at);
    if (error.kind === "NotEnoughFlash") this.#debug("Checking: Not enough flash for a footer");
    else if (error.kind === "BadTlvEntry")
      this.#debug(`Checking: Bad TLV entry, type: ${typeNumber(error.type)}`);
    else this.#debug(`Checking: Error parsing footer: ${tbfParseErrorText(error)}`);
    this.#status(index, error.kind === "NotEnoughFlash" ? "PastLastFooter" : "BadFooter");
  }

  /** What the policy said of footer `index`. */
  checked(index: number, footer: TbfCredentials, result: CheckResult | undefined): void {
    this.#slice(footer.offset);
    this.#found(footer);
    const supported = result !== undefined;
    this.#debug(`Checking: Found ${index}, ${supported ? "checking" : "not supported"}`);
    this.#status(index, supported ? "Checking" : "FooterNotCheckable");
    if (supported) this.#debug(`Checking: check_done gave result Ok(${resultText(result)})`);
  }

  #slice(offset: number): void {
    const { start, end } = this.#binary.flash;
    this.#debug(`Checking: Current footer slice ${range(start + offset, end)}`);
  }

  /** Upstream tells where the footer begins by the slice that begins with it. */
  #found({ offset, length, format }: TbfCredentials): void {
    const at = (this.#binary.flash.start + offset).toString(16);
    const name = credentialFormats[format]?.name;
    this.#debug(`ProcessCheck: @${at} found a len ${length} footer: ${name}`);
  }

  #status(index: number, status: string): void {
    const { name } = this.#binary;
    this.#debug(`Checking: Check status for process ${name}, footer ${index}: ${status}`);
  }
}

const range = (start: number, end: number): string => `${start.toString(16)}-${end.toString(16)}`;

const typeNumber = (type: number): number => (KNOWN_TYPES.includes(type) ? type : UNKNOWN_TYPE);

/** `Debug` of upstream's `CheckResult`. */
function resultText(result: CheckResult): string {
  if (typeof result === "string") return result;
  const { keyId } = result.accept;
  const metadata =
    keyId === undefined ? "None" : `Some(CheckResultAcceptMetadata { metadata: ${keyId} })`;
  return `Accept(${metadata})`;
}
