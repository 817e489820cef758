// An asset of its own, which arrives beside the WebAssembly: what connects that with the browser. A form
// is seen and filled without it, so it is no part of the tag's script.

import { begin, bind, imports } from "leadgate-glue";
import css from "leadgate-style";
import english from "leadgate-english";
import { forget, keep, sendKept } from "./outbox.js";
import { adoptStyle } from "./style.js";
import { challenge } from "./turnstile.js";

/** Starts the module; gives `bind` of `widget/src/lib.rs`. */
export async function live(module) {
  begin(await WebAssembly.instantiate(module, imports()), module);
  sendKept();
  return (handover) => {
    const { host, origin, key, onStored } = handover;
    adoptStyle(host.shadowRoot, css);
    const removeChallenge = challenge(handover);
    let sent;
    const unbind = bind({
      ...handover,
      texts: complete(handover.texts),
      isOffline: () => !navigator.onLine,
      pause,
      onSend: (body, idempotencyKey) => {
        if (sent !== idempotencyKey) forget(sent);
        sent = idempotencyKey;
        if (host.dataset.outbox !== undefined) keep({ origin, key, idempotencyKey, body });
      },
      onSettled: (isStored) => {
        forget(sent);
        if (isStored) onStored();
      },
    });
    return () => {
      removeChallenge();
      return unbind();
    };
  };
}

// Resolves after that time, and not before the browser is connected.
async function pause(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (!navigator.onLine) await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
}

/**
 * `texts` with the English ones that only a live form shows, and under the Worker's words of a field, which are English,
 * their translation.
 */
function complete(texts) {
  const all = { ...english, ...texts };
  for (const key of Object.keys(english)) all[english[key]] = all[key];
  return all;
}
