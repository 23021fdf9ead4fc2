// Rows of the view Live Watch: the user's expressions with the values that the debugger has sent last.
import type { LiveExpressionRow, LiveRow, LiveWatchBody } from "../../adapter/protocol.js";
import type { LiveItem, RowPath } from "./live-list.js";
import { grouped, type Node } from "./nodes.js";

const idOf = (id: number, path: RowPath): string => `live ${id} ${JSON.stringify(path)}`;

/** @param changed ids of rows that are highlighted */
export function liveNodes(
  items: readonly LiveItem[],
  body: LiveWatchBody | undefined,
  changed: ReadonlySet<string>,
): Node[] {
  return items.map(item => {
    const row = rowOf(item, body);
    const { id, expression, app } = item;
    const more = app === undefined ? {} : { description: app };
    const bare = { id: idOf(id, []), label: expression, kind: "live-expression", ...more };
    const about = { id, path: [], expression, ...(app === undefined ? {} : { app }) };
    if (row === undefined) return { ...bare, live: about };
    if (row.failed)
      return {
        ...bare,
        description: row.value,
        tooltip: `${expression}: ${row.value}`,
        spoken: `${expression}: ${row.value}`,
        live: about,
      };
    return { ...nodeOf(row, item, [], changed), ...more };
  });
}

const rowOf = (
  { expression, app }: LiveItem,
  body: LiveWatchBody | undefined,
): LiveExpressionRow | undefined =>
  body?.rows.find(row => row.name === expression && row.app === app);

function nodeOf(row: LiveRow, item: LiveItem, path: RowPath, changed: ReadonlySet<string>): Node {
  const { name, value, type, evaluateName, changeable, children, more } = row;
  const id = idOf(item.id, path);
  const label = `${name} = ${value}`;
  const isNew = changed.has(id);
  const [kind, expression] =
    path.length === 0 ? ["live-expression", item.expression] : ["live-part", evaluateName];
  const typed = type === undefined ? label : `${label}, ${type}`;
  return {
    id,
    label,
    ...(isNew ? { highlights: [[label.length - value.length, label.length]] } : {}),
    tooltip: type === undefined ? label : `${label}\n${type}`,
    spoken: isNew ? `${typed}, changed` : typed,
    kind: changeable ? `${kind}-changeable` : kind,
    ...(children === undefined ? {} : { children: partsOf(children ?? [], more) }),
    ...(children === undefined || children === null ? {} : { open: true }),
    live: {
      id: item.id,
      path,
      value,
      ...(expression === undefined ? {} : { expression }),
      ...(item.app === undefined ? {} : { app: item.app }),
    },
  };

  function partsOf(parts: readonly LiveRow[], left = 0): Node[] {
    const nodes = parts.map(part => nodeOf(part, item, [...path, part.name], changed));
    if (left === 0) return nodes;
    const text = `… ${grouped(left)} more`;
    const tooltip = `${name}[${parts.length}]@${Math.min(left, parts.length)} shows the next ones.`;
    return [...nodes, { id: `${id} more`, label: text, tooltip }];
  }
}

/** Ids of rows whose values differ between two bodies; what has just appeared has not changed. */
export function changedRows(
  items: readonly LiveItem[],
  before: LiveWatchBody | undefined,
  after: LiveWatchBody,
): Set<string> {
  const changed = new Set<string>();
  const compare = (id: number, path: RowPath, was: LiveRow | undefined, is: LiveRow): void => {
    if (was === undefined || was.failed || is.failed) return;
    if (was.value !== is.value) changed.add(idOf(id, path));
    for (const part of is.children ?? []) {
      const old = was.children?.find(({ name }) => name === part.name);
      compare(id, [...path, part.name], old, part);
    }
  };
  for (const item of items) {
    const is = rowOf(item, after);
    if (is !== undefined) compare(item.id, [], rowOf(item, before), is);
  }
  return changed;
}
