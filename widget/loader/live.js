// An asset of its own, which arrives beside the WebAssembly: what connects that with the browser. A form
// is seen and filled without it, so it is no part of the tag's script.

import { begin, bind, imports } from "leadgate-glue";
import css from "leadgate-style";
import english from "../messages/en.json";
import { adoptStyle } from "./style.js";

/** Starts the module; gives `bind` of `widget/src/lib.rs`. */
export async function live(module) {
  begin(await WebAssembly.instantiate(module, imports()), module);
  return (handover) => {
    adoptStyle(handover.host.shadowRoot, css);
    return bind({ ...handover, texts: complete(handover.texts) });
  };
}

/** `texts` with those that only a live form shows, and under the Worker's words of a field, which are English, their translation. */
function complete(texts) {
  const all = { ...english, ...texts };
  for (const key of Object.keys(english)) all[english[key]] = all[key];
  return all;
}
