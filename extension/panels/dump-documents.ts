// The dumps of panels as documents to be read: a text of their own, which no one is asked to save.
import * as vscode from "vscode";

const scheme = "tock-dump";

export class DumpDocuments implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  #count = 0;

  /** To be disposed with the extension. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  async open(text: string): Promise<vscode.TextDocument> {
    this.#count++;
    const uri = vscode.Uri.from({ scheme, path: `/crash-${this.#count}.tockdump` });
    this.#texts.set(uri.toString(), text);
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.languages.setTextDocumentLanguage(document, "tock-crash");
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    // After a restart of the window the text is with the panel alone.
    return (
      this.#texts.get(uri.toString()) ?? 'Open the dump again with "Show Dump" of its panel.\n'
    );
  }
}
