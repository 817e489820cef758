// The WebAssembly that makes painted forms live: fetched, compiled while it arrives, and started once for
// all forms of the page.

// One lost packet must not cost the visitor the richer form.
const RETRY_AFTER_MS = 1_000;

let started = null;

/** `bind` of `widget/src/lib.rs`. A failed start is tried anew by the next form. */
export function startApp(home) {
  started ??= fetchAndStart(home)
    .catch(async (error) => {
      // A content security policy and an engine that is too old say the same the second time.
      if (/^(Compile|Eval|Reference)Error$/.test(error.name)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      if (!navigator.onLine) await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
      return fetchAndStart(home);
    })
    .catch((error) => {
      started = null;
      throw error;
    });
  return started;
}

async function fetchAndStart(home) {
  const [module, { live }] = await Promise.all([
    WebAssembly.compileStreaming(fetch(new URL(LEADGATE_WASM, home))),
    import(new URL(LEADGATE_LIVE, home)),
  ]);
  return live(module);
}
