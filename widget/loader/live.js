// An asset of its own, which arrives beside the WebAssembly: what connects that with the browser. A form
// is seen and filled without it, so it is no part of the tag's script.

import start, { bind } from "leadgate-glue";

/** Starts the module; gives `bind` of `widget/src/lib.rs`. */
export async function live(module) {
  await start({ module_or_path: module });
  return bind;
}
