// The WebAssembly that makes painted forms live: fetched and compiled while it arrives, once for all forms of the page.

// One lost packet must not cost the visitor the richer form.
const RETRY_AFTER_MS = 1_000;

let loaded = null;

/** What starts it and then gives `bind` of `live.js`. After a failure the next form tries anew. */
export function loadApp(home) {
  loaded ??= load(home)
    .catch(async (error) => {
      // A content security policy and an engine that is too old say the same the second time.
      if (/^(Compile|Eval|Reference)Error$/.test(error.name)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      if (!navigator.onLine) await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
      return load(home);
    })
    .catch((error) => {
      loaded = null;
      throw error;
    });
  return loaded;
}

async function load(home) {
  const [module, { live }] = await Promise.all([
    WebAssembly.compileStreaming(fetch(new URL(LEADGATE_WASM, home))),
    import(new URL(LEADGATE_LIVE, home)),
  ]);
  return () => live(module);
}
