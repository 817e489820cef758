// When a form's WebAssembly is worth fetching.

/** Resolves as soon as the form is near, touched, or the page has nothing else to do. */
export function wanted(host) {
  return new Promise((resolve) => {
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
}
