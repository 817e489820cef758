// The challenge of Cloudflare Turnstile, in forms that have a site key. It stands in the page's own tree, in a slot of
// the form, since its script does not look into shadow roots.
// https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/

const SCRIPT = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit";

let loading = null;

/**
 * Shows the challenge in a live form and keeps its answer where the submission takes it from. Returns what takes it away
 * again. A challenge that does not load is no reason not to send: the Worker judges by other signs then.
 */
export function challenge({ host, box, definition }) {
  const answer = box.querySelector("[name=cf-turnstile-response]");
  if (!answer) return () => {};
  const place = document.createElement("div");
  place.slot = "turnstile";
  host.append(place);
  let id;
  load()
    .then((turnstile) => {
      if (!place.isConnected) return;
      id = turnstile.render(place, {
        sitekey: definition.turnstile_site_key,
        language: definition.locale,
        theme: host.dataset.theme ?? "auto",
        callback: (token) => (answer.value = token),
        "expired-callback": () => (answer.value = ""),
      });
    })
    .catch((error) => console.warn(`leadgate: no Turnstile: ${error}`));
  // An answer is good for one submission.
  const renew = () => {
    answer.value = "";
    if (id !== undefined) window.turnstile.reset(id);
  };
  host.addEventListener("leadgate:error", renew);
  host.addEventListener("leadgate:success", renew);
  return () => {
    host.removeEventListener("leadgate:error", renew);
    host.removeEventListener("leadgate:success", renew);
    if (id !== undefined) window.turnstile.remove(id);
    place.remove();
  };
}

// The page may have the script for forms of its own.
function load() {
  if (window.turnstile) return Promise.resolve(window.turnstile);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.async = true;
    script.onload = () => resolve(window.turnstile);
    script.onerror = () => {
      loading = null;
      reject(new Error("its script did not load"));
    };
    document.head.append(script);
  });
  return loading;
}
