// The views Board and Memory map in VS Code, beside a running board: a press in the view lights an LED of the board.
import {
  folderWith,
  pictures,
  pressLightsLed,
  readMemoryMap,
  showOnly,
  startLights,
  viewWith,
} from "./scenes.js";
import { type Editor, Workbench } from "./workbench.js";

describe("the views of the board in VS Code", function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let editor: Editor;

  before(async function () {
    workbench = await Workbench.shared(this);
  });

  /** Debugs examples/lights, with room for the views. */
  async function start(): Promise<void> {
    editor = await workbench.open(folderWith(workbench, "lights", "lights"));
    await editor.page.setViewportSize({ width: 1280, height: 1500 });
    await startLights(editor);
  }

  it("a press of a button lights its LED while it is held", async () => {
    await start();
    await showOnly(editor, "Board");
    await pressLightsLed(editor, "board-view");
  });

  it("the memory map shows the process and its regions", async () => {
    await start();
    await showOnly(editor, "Memory Map");
    await readMemoryMap(editor, "lights");
    await pictures(editor, "memory-map-view");
  });

  it("a view that is closed and opened again shows what has happened meanwhile", async () => {
    await start();
    await showOnly(editor, "Board");
    let board = await viewWith(editor, ".parts.led");
    await board.getByRole("button", { name: "button0" }).click({ modifiers: ["Shift"] });
    await board.getByRole("img", { name: "led0 is on" }).waitFor();
    const header = editor.page.locator('.pane-header[aria-label^="Board"]').first();
    await header.click();
    await header.click();
    board = await viewWith(editor, ".parts.led");
    await board.getByRole("img", { name: "led0 is on" }).waitFor();
    await board.getByRole("button", { name: "button0", pressed: true }).waitFor();
  });
});
