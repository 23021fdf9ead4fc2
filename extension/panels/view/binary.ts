// The page of the editor for .tab and .tbf files: facts, layout to scale, TLVs and credentials of each binary.
import {
  type FromBinaryView,
  isShowBinary,
  type ShowBinary,
} from "../../editors/binary-messages.js";
import type { BinaryObject, Fact, Part } from "../../editors/binary-report.js";
import { bytes } from "../text.js";
import { button, type Child, connect, element, named, section, table } from "./page.js";

const main = document.getElementById("main") as HTMLElement;
const host = connect<ShowBinary, FromBinaryView>(isShowBinary, show);
const kept = host.kept();
if (isShowBinary(kept)) show(kept);
host.send({ type: "ready" });

function show(message: ShowBinary): void {
  host.keep(message);
  const { file, report } = message;
  const title =
    report.objects.length > 1 ? `${report.kind}: ${report.objects.length} binaries` : report.kind;
  main.replaceChildren(
    element("h1", {}, named(file, 120)),
    element("p", {}, title),
    actions(),
    ...report.wrong.map(text => element("p", { className: "wrong" }, text)),
    ...(report.facts.length === 0 ? [] : [facts("About the file", report.facts)]),
    ...report.objects.map(objectSection),
  );
}

const actions = (): HTMLElement =>
  element(
    "p",
    { className: "actions" },
    button("Debug", () => host.send({ type: "debug" })),
    button("Install", () => host.send({ type: "install" }), "secondary"),
  );

const facts = (caption: string, rows: readonly Fact[]): HTMLElement =>
  table(
    caption,
    ["What", "Value"],
    rows.map(({ label, value }) => [label, named(value, 200)]),
  );

function objectSection({
  title,
  facts: rows,
  layout,
  tlvs,
  credentials,
}: BinaryObject): HTMLElement {
  return section(
    title,
    facts("Header", rows),
    scale(layout),
    parts("Layout", layout, ["Part"], ({ name }) => [name]),
    parts("TLVs of the header", tlvs, ["TLV", "Type"], ({ name, type }) => [name, String(type)]),
    credentials.length === 0
      ? element("p", {}, "No credentials.")
      : parts("Credentials", credentials, ["Format", "Check"], ({ name, verdict }) => [
          name,
          verdict,
        ]),
  );
}

function parts<P extends Part>(
  caption: string,
  rows: readonly P[],
  head: readonly string[],
  cells: (part: P) => readonly Child[],
): HTMLElement {
  const columns = [...head, "Offset", "Size"];
  return table(
    caption,
    columns,
    rows.map(part => [
      ...cells(part),
      element("code", {}, `0x${part.offset.toString(16)}`),
      bytes(part.size),
    ]),
  );
}

/** The layout as a bar to scale; the table beside it says the same in words. */
function scale(layout: readonly Part[]): HTMLElement {
  const bar = element("div", { className: "file-scale" });
  bar.setAttribute("aria-hidden", "true");
  for (const [index, { name, size }] of layout.entries()) {
    const piece = element("div", { className: `piece piece-${index % 5}` }, name);
    piece.title = `${name}: ${bytes(size)}`;
    piece.style.flexGrow = String(size);
    bar.append(piece);
  }
  return bar;
}
