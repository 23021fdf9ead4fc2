// What a screen reader needs of a page: each thing that can be worked or seen has a name (WAI-ARIA 1.2, accessible names).
import type { Page } from "playwright-core";

/** Finds what has no name, as HTML. Text inside, a label, `aria-label` and `title` are names. */
const script = `(() => {
  const textOf = element => (element?.textContent ?? "").trim();
  const named = element =>
    element.getAttribute("aria-label")?.trim() ||
    (element.getAttribute("aria-labelledby") ?? "").split(" ").map(id => textOf(document.getElementById(id))).join("") ||
    [...(element.labels ?? [])].map(textOf).join("") ||
    (element.matches("input, select, canvas, svg, table, [role=img]") ? "" : textOf(element)) ||
    (element.matches("table") && textOf(element.caption)) ||
    (element.matches("svg") && textOf(element.querySelector("title"))) ||
    element.title || element.alt;
  const wanted = "button, a[href], input, select, textarea, summary, [tabindex], canvas, svg, img, table, [role=img], [role=slider], [role=grid], [role=list]";
  return [...document.querySelectorAll(wanted)]
    .filter(element => element.closest("[aria-hidden=true], [hidden], defs") === null && element.type !== "hidden")
    .filter(element => element.getClientRects().length > 0 && !named(element))
    .map(element => element.outerHTML.slice(0, 160));
})()`;

export const nameless = (page: Pick<Page, "evaluate">): Promise<string[]> =>
  page.evaluate(script) as Promise<string[]>;
