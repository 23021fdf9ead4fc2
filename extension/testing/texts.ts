// What the Testing view's output says: plain text in, text for a terminal out.
import type { Failure, Mistake, RunOutcome } from "../../adapter/testing/protocol.js";

/** Lines of a terminal end in CR and LF. */
export const forTerminal = (text: string): string => text.replaceAll(/\r?\n/g, "\r\n");

/** `0.502 s`. */
export const secondsText = (seconds: number): string => `${Number(seconds.toFixed(6))} s`;

/** What a failure says beside the line that it stands at. */
export const failureText = ({ text, message, virtualSeconds }: Failure): string =>
  `${text}\n${secondsText(virtualSeconds)}: ${message}`;

export const mistakesText = (mistakes: readonly Mistake[]): string =>
  mistakes.map(({ line, message }) => `Line ${line}: ${message}`).join("\n");

/** The lines behind the board's console. */
export function endText(result: "passed" | "failed", outcome: RunOutcome): string {
  const { virtualSeconds, instructions, failures, notices } = outcome;
  const head = `${result} after ${secondsText(virtualSeconds)} of virtual time and ${instructions.toLocaleString("en")} instructions`;
  const told = failures.map(failure => `  ${failureText(failure).replace("\n", "\n    ")}`);
  return [head, ...told, ...notices.map(notice => `  ${notice}`), "", ""].join("\n");
}
