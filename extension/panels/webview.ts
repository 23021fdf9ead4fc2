// What every panel of ours stands on in the extension host: a page without inline code, and checked messages from it.
// https://code.visualstudio.com/api/extension-guides/webview#security
import * as vscode from "vscode";
import type { Check } from "./check.js";

export interface Page<From> {
  /** The bundle in dist/ that draws the page. */
  script: string;
  /** Style sheets in media/ beside panel.css. */
  styles?: readonly string[];
  /** The name that a screen reader gives the page. */
  title: string;
  check: Check<From>;
  receive(message: From): void;
}

/** Fills a panel or view that VS Code has made, or brought back. */
export function fillPanel<From>(
  { webview }: { readonly webview: vscode.Webview },
  extension: vscode.Uri,
  { script, styles = [], title, check, receive }: Page<From>,
): vscode.Disposable {
  const folder = (name: string) => vscode.Uri.joinPath(extension, name);
  webview.options = { enableScripts: true, localResourceRoots: [folder("dist"), folder("media")] };
  const listening = webview.onDidReceiveMessage((message: unknown) => {
    if (check(message)) receive(message);
  });
  const at = (path: string) => webview.asWebviewUri(folder(path)).toString();
  const links = ["panel.css", ...styles].map(
    name => `<link rel="stylesheet" href="${at(`media/${name}`)}">`,
  );
  const nonce = randomNonce();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links.join("\n")}
<title>${title}</title>
</head>
<body>
<main id="main"></main>
<div id="status" role="status"></div>
<script nonce="${nonce}" src="${at(`dist/${script}`)}"></script>
</body>
</html>`;
  return listening;
}

const randomNonce = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16)).join("");
