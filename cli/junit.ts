// Results of scenarios as JUnit XML, as Jenkins's schemas have it (junit-4.xsd, junit-10.xsd): what it does not know, such as
// `file` of a test case, makes some CI systems refuse a report as a whole, so a failure's text has the place.
import { failuresOf, type ScenarioOutcome } from "../adapter/scenario/model.js";

/** What XML 1.0 cannot hold is left out, and what has a meaning in it is written as an entity. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");

const text = (value: string): string => escaped(value).replaceAll("&#10;", "\n");

interface Results {
  scenarios: readonly ScenarioOutcome[];
  mistakes: readonly string[];
}

/** Times are virtual seconds, so that the same results give the same file. */
export function junitText({ scenarios, mistakes }: Results): string {
  const files = new Map<string, ScenarioOutcome[]>();
  for (const outcome of scenarios)
    files.set(outcome.file, [...(files.get(outcome.file) ?? []), outcome]);
  const suites = [...files].map(([file, outcomes]) => suiteOf(file, outcomes));
  if (mistakes.length > 0) suites.push(mistakesSuite(mistakes));
  const failures = scenarios.filter(({ result }) => result === "failed").length;
  const tests = scenarios.length + mistakes.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tock-debug" tests="${tests}" failures="${failures}" errors="${mistakes.length}">`,
    ...suites,
    "</testsuites>\n",
  ].join("\n");
}

function suiteOf(file: string, outcomes: readonly ScenarioOutcome[]): string {
  const failures = outcomes.filter(({ result }) => result === "failed").length;
  const seconds = outcomes.reduce((sum, { virtualSeconds }) => sum + virtualSeconds, 0);
  return [
    `  <testsuite name="${escaped(file)}" tests="${outcomes.length}" failures="${failures}" errors="0" time="${seconds.toFixed(6)}">`,
    ...outcomes.map(caseOf),
    "  </testsuite>",
  ].join("\n");
}

function caseOf(outcome: ScenarioOutcome): string {
  const { file, name, virtualSeconds, console, notices } = outcome;
  const failures = failuresOf(outcome).map(check => {
    const { text: what, message = "" } = check;
    const where = `${file}:${check.line}:${check.column}: ${what}`;
    const said = `${where}\nat ${check.virtualSeconds.toFixed(6)} s: ${message}`;
    return `      <failure message="${escaped(message)}" type="${escaped(what)}">${text(said)}</failure>`;
  });
  const out = console === "" ? [] : [`      <system-out>${text(console)}</system-out>`];
  const err =
    notices.length === 0 ? [] : [`      <system-err>${text(notices.join("\n"))}</system-err>`];
  return [
    `    <testcase name="${escaped(name)}" classname="${escaped(file)}" time="${virtualSeconds.toFixed(6)}">`,
    ...failures,
    ...out,
    ...err,
    "    </testcase>",
  ].join("\n");
}

/** What could not be run is an error, not a failure. */
function mistakesSuite(mistakes: readonly string[]): string {
  const cases = mistakes.map(
    mistake =>
      `    <testcase name="${escaped(mistake)}" classname="scenarios">\n      <error message="${escaped(mistake)}"/>\n    </testcase>`,
  );
  const count = mistakes.length;
  return [
    `  <testsuite name="mistakes" tests="${count}" failures="0" errors="${count}">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
}
