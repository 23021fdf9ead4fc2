// What the two halves of the editor for .tab and .tbf say to each other, and the checks of both. Host: binary-editor.ts, webview:
// panels/view/binary.ts.
import { type Check, list, number, object, oneOf, text } from "../panels/check.js";
import type {
  BinaryObject,
  BinaryReport,
  CredentialRow,
  Fact,
  Part,
  TlvRow,
} from "./binary-report.js";

/** To the webview. */
export interface ShowBinary {
  type: "show";
  file: string;
  report: BinaryReport;
}

/** From the webview. */
export interface FromBinaryView {
  type: "ready" | "install" | "debug";
}

const fact = object<Fact>({ label: text, value: text });
const part = { name: text, offset: number, size: number };

const isReport: Check<BinaryReport> = object<BinaryReport>({
  kind: oneOf("TAB", "TBF", "ELF", "Flash image"),
  facts: list(fact),
  objects: list(
    object<BinaryObject>({
      title: text,
      facts: list(fact),
      tlvs: list(object<TlvRow>({ ...part, type: number })),
      credentials: list(object<CredentialRow>({ ...part, verdict: text })),
      layout: list(object<Part>(part)),
    }),
  ),
  wrong: list(text),
});

export const isShowBinary = object<ShowBinary>({
  type: oneOf("show"),
  file: text,
  report: isReport,
});

export const isFromBinaryView = object<FromBinaryView>({
  type: oneOf("ready", "install", "debug"),
});
