// The WebAssembly that renders the form: fetched, compiled while it arrives, and started once.

import start, { mount } from "leadgate-glue";
import { Failure } from "./failure.js";

let started = null;

/** `mount` of `widget/src/lib.rs`. Rejects with a `Failure`; a failed start is tried anew by the next call. */
export function startApp(home) {
  started ??= fetchAndStart(home).catch((failure) => {
    started = null;
    throw failure;
  });
  return started;
}

async function fetchAndStart(home) {
  if (typeof WebAssembly !== "object") throw new Failure("webassembly_unavailable", "this browser has no WebAssembly");
  let answer;
  try {
    answer = await fetch(new URL(LEADGATE_WASM, home), { credentials: "omit" });
  } catch (error) {
    throw new Failure("network_error", String(error));
  }
  if (!answer.ok) throw new Failure(`http_${answer.status}`, answer.url);
  try {
    await start({ module_or_path: answer });
  } catch (error) {
    // A connection that breaks off is a TypeError; a content security policy without
    // 'wasm-unsafe-eval' and an engine too old for the code are not.
    const code = error instanceof TypeError ? "network_error" : "webassembly_unavailable";
    throw new Failure(code, String(error));
  }
  return mount;
}
