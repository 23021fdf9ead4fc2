// The expressions of Live Watch: what the user keeps with a workspace, and which of its rows are open. Without VS Code.
import type { LiveExpression } from "../../adapter/protocol.js";

export interface LiveItem extends LiveExpression {
  /** The same as long as the window lives. */
  id: number;
  open: readonly (readonly string[])[];
}

/** What stands between a row and the value it shows. */
export type RowPath = readonly string[];

/** What an action on a row is about. */
export interface LiveReference {
  /** Of the expression that the row belongs to. */
  id: number;
  path: RowPath;
  /** What stands for the row; absent where nothing does. */
  expression?: string;
  app?: string;
  value?: string;
}

export class LiveList {
  #items: readonly LiveItem[] = [];
  #next = 1;

  /** @param saved what `saved` gave before, or anything else */
  constructor(saved?: unknown) {
    if (!Array.isArray(saved)) return;
    for (const each of saved) if (isExpression(each)) this.#push(each);
  }

  get items(): readonly LiveItem[] {
    return this.#items;
  }

  /** To be kept: plain data. */
  get saved(): readonly LiveExpression[] {
    return this.#items.map(({ id: _, ...rest }) => rest);
  }

  item(id: number): LiveItem | undefined {
    return this.#items.find(item => item.id === id);
  }

  /** An expression that is there already is not added again. */
  add(expression: string, app?: string): void {
    if (this.#items.some(item => item.expression === expression && item.app === app)) return;
    this.#push({ expression, ...(app === undefined ? {} : { app }) });
  }

  edit(id: number, expression: string): void {
    this.#items = this.#items.map(item =>
      item.id === id ? { ...item, expression, open: [] } : item,
    );
  }

  remove(id: number): void {
    this.#items = this.#items.filter(item => item.id !== id);
  }

  clear(): void {
    this.#items = [];
  }

  /** A row is opened; or closed, and with it those below. */
  setOpen(id: number, path: RowPath, isOpen: boolean): void {
    const below = (other: RowPath) => path.every((name, i) => other[i] === name);
    this.#items = this.#items.map(item => {
      if (item.id !== id) return item;
      const others = item.open.filter(other => (isOpen ? !isSame(other, path) : !below(other)));
      return { ...item, open: isOpen ? [...others, path] : others };
    });
  }

  #push({ expression, app, open = [] }: LiveExpression): void {
    const named = app === undefined ? {} : { app };
    this.#items = [...this.#items, { id: this.#next++, expression, ...named, open }];
  }
}

const isSame = (a: RowPath, b: RowPath): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

function isExpression(value: unknown): value is LiveExpression {
  const { expression, app, open = [] } = (value ?? {}) as Record<string, unknown>;
  const isPath = (path: unknown) => Array.isArray(path) && path.every(isText);
  return isText(expression) && (app === undefined || isText(app)) && isList(open, isPath);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown, check: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(check);
