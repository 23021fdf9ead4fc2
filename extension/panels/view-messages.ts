// What every webview in the debug container is told beside its body.
import { object, oneOf, text } from "./check.js";

/** There is nothing to show, and why. */
export interface Empty {
  type: "empty";
  text: string;
}

/** How an action ended, for the eye and for a screen reader. */
export interface Say {
  type: "say";
  text: string;
}

export const isEmpty = object<Empty>({ type: oneOf("empty"), text });
export const isSay = object<Say>({ type: oneOf("say"), text });
