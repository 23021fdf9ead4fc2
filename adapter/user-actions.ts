// Requests that a user makes: a refusal pops up. All else a client asks by itself, for each hover and view, and it shows
// the sentence there.

export const USER_ACTIONS: ReadonlySet<string> = new Set([
  "launch",
  "attach",
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "pause",
  "restart",
  "setVariable",
  "setExpression",
  "writeMemory",
  "goto",
  "restartFrame",
  "terminateThreads",
  "tock/input",
  "tock/installApp",
  "tock/uninstallApp",
  "tock/setAppEnabled",
  "tock/restartProcess",
  "tock/eraseApps",
  "tock/process",
  "tock/watchBytes",
  "tock/setAppSticky",
  "tock/resetBoard",
]);
