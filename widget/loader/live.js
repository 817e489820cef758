// An asset of its own, which arrives beside the WebAssembly: what connects that with the browser. A form
// is seen and filled without it, so it is no part of the tag's script.

import start, { bind } from "leadgate-glue";
import english from "../messages/en.json";

/** Starts the module; gives `bind` of `widget/src/lib.rs`. */
export async function live(module) {
  await start({ module_or_path: module });
  return (handover) => bind({ ...handover, texts: complete(handover.texts) });
}

/** `texts` with those that only a live form shows, and under the Worker's words of a field, which are English, their translation. */
function complete(texts) {
  const all = { ...english, ...texts };
  for (const key of Object.keys(english)) all[english[key]] = all[key];
  return all;
}
