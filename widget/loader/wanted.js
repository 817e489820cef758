// When a form's WebAssembly is worth fetching.

// Beside the definition it would make that come later, and only after it would cost a slow network a round trip.
const HEAD_START_MS = 30;

/** Resolves as soon as the form is near, touched, or the page has nothing else to do. Its `definition` goes first. */
export async function wanted(host, definition) {
  const ahead = new Promise((resolve) => setTimeout(resolve, HEAD_START_MS));
  await new Promise((resolve) => {
    host.addEventListener("pointerdown", resolve, { once: true });
    host.addEventListener("focusin", resolve, { once: true });
    const near = new IntersectionObserver(
      (seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        resolve();
      },
      // A screen away, so that it is there before the visitor is.
      { rootMargin: "100%" },
    );
    near.observe(host);
    // Safari has no idle callbacks.
    (window.requestIdleCallback ?? ((call) => setTimeout(call, 1_000)))(resolve);
  });
  await Promise.race([definition, ahead]);
}
