// Diagnostics: the verdict on a crash at the line that tells of it, and what could not be found.
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { Explanation } from "../crash/model.js";
import type { Analysis } from "./analysis.js";
import type { CrashDocument, PlacedDump } from "./document.js";
import { lineLocation } from "./inlay-hints.js";

export const SOURCE = "tock";

export async function diagnosticsOf(
  document: CrashDocument,
  placed: PlacedDump,
  { body, explained, sourceOf }: Analysis,
): Promise<Diagnostic[]> {
  const { explanation } = body;
  const range = document.rangeOf(placed, placed.dump.headline);
  const { place } = explanation;
  const uri = place && (await sourceOf(explained ?? null, place));
  const related = uri
    ? {
        relatedInformation: [
          {
            location: lineLocation(uri, place.line, place.column || 1),
            message: relatedText(explanation),
          },
        ],
      }
    : {};
  return [
    {
      severity: DiagnosticSeverity.Error,
      source: SOURCE,
      code: explanation.kind,
      range,
      message: messageOf(explanation),
      ...related,
    },
    ...body.notes.map(message => ({
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      range,
      message,
    })),
  ];
}

const messageOf = ({ verdict, details, fix }: Explanation): string =>
  [verdict, ...details, ...(fix ? [fix.text] : [])].join("\n");

function relatedText({ place, instruction, culprit }: Explanation): string {
  const what = culprit ? `${culprit.expression} = ${culprit.value}` : (instruction?.text ?? "Here");
  return place?.function ? `${what}, in ${place.function}` : what;
}
