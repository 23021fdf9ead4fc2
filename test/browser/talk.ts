// What VS Code says to the user in tests, and what he answers.
import assert from "node:assert/strict";
import type { Editor } from "./workbench.js";

/** Waits for a message of the workbench, and takes all away. */
export async function told(editor: Editor, expected: RegExp): Promise<void> {
  const messages = editor.page.locator(".notification-list-item-message");
  const end = Date.now() + 30_000;
  const seen = new Set<string>();
  for (;;) {
    const texts = await messages.allTextContents();
    const found = texts.filter(text => expected.test(text));
    if (found.length > 0) {
      assert.equal(found.length, 1, `told twice: ${found}`);
      break;
    }
    for (const text of texts) seen.add(text);
    if (Date.now() > end)
      throw new Error(`no message matches ${expected}: ${[...seen].join(" | ")}`);
    await editor.page.waitForTimeout(100);
  }
  await silence(editor);
}

/** What a dialog asks; answers with one of its buttons. */
export async function answer(editor: Editor, button: string, picture?: string): Promise<string> {
  const box = editor.page.locator(".monaco-dialog-box");
  await box.waitFor();
  if (picture !== undefined) await editor.screenshot(picture);
  const text = ((await box.textContent()) ?? "").replace(/\s+/g, " ");
  await box.locator(`.monaco-button:text-is("${button}")`).click();
  await box.waitFor({ state: "detached" });
  return text;
}

/** Takes all messages away: by their buttons, which is quick; what has none, or goes by itself, by the command. */
async function silence(editor: Editor): Promise<void> {
  const messages = editor.page.locator(".notification-list-item");
  try {
    while ((await messages.count()) > 0) {
      await messages.first().hover({ timeout: 2000 });
      await messages.first().locator(".codicon-notifications-clear").click({ timeout: 2000 });
      await editor.page.waitForTimeout(50);
    }
  } catch {
    await editor.command("Notifications: Clear All Notifications");
  }
}

/** Runs an entry of a row's context menu. */
export async function rowMenu(
  { page }: Editor,
  view: string,
  row: RegExp,
  entry: string,
): Promise<void> {
  const found = page.locator(`${view} .monaco-list-row`).filter({ hasText: row }).first();
  await found.click({ button: "right" });
  const item = page
    .locator(".monaco-menu .action-menu-item")
    .filter({ hasText: new RegExp(`^\\s*${entry}`) })
    .first();
  await item.hover();
  // A menu takes no click in its first moments: that may be the end of the one that has opened it.
  await page.waitForTimeout(300);
  await item.click();
}
