// An asset of its own, which arrives beside the WebAssembly: what connects that with the browser. A form
// is seen and filled without it, so it is no part of the tag's script.

import { begin, bind, imports } from "leadgate-glue";
import css from "leadgate-style";
import english from "leadgate-english";
import { disinherit, inherit, settle } from "./heirs.js";
import { forget, keep, sendKept } from "./outbox.js";
import { adoptStyle } from "./style.js";
import { challenge } from "./turnstile.js";
import { addUnseen } from "./unseen.js";

let started = null;

/** Starts the module, once; gives what binds a painted form to it. */
export function live(module) {
  started ??= start(module).catch((error) => {
    started = null;
    throw error;
  });
  return started;
}

async function start(module) {
  begin(await WebAssembly.instantiate(module, imports()), module);
  // To bind is work for a whole task.
  await new Promise((resolve) => setTimeout(resolve));
  // The browser's storage may be slow, and nobody waits for this.
  setTimeout(sendKept);
  return bindForm;
}

function bindForm(handover) {
  const { host, box, origin, key, onStored } = handover;
  adoptStyle(host.shadowRoot, css);
  const texts = complete(handover.texts);
  addUnseen(box, handover.definition, texts);
  const removeChallenge = challenge(handover);
  let sent;
  // The key that went with the answers when the form left the page.
  let leftKey;
  const unbind = bind({
    ...handover,
    texts,
    isOffline: () => !navigator.onLine,
    pause,
    onSend: (body, idempotencyKey) => {
      if (sent !== idempotencyKey) forget(sent);
      sent = idempotencyKey;
      if (host.dataset.outbox !== undefined) keep({ origin, key, idempotencyKey, body });
    },
    onSettled: (isStored) => {
      forget(sent);
      if (!isStored) return;
      if (!leftKey) return disinherit(handover.idempotencyKey);
      // What was typed stands in another form by now, or waits for one.
      onStored(leftKey);
      settle(leftKey);
    },
  });
  inherit(handover.idempotencyKey, box);
  return () => {
    removeChallenge();
    disinherit(handover.idempotencyKey);
    leftKey = unbind();
    return leftKey;
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
