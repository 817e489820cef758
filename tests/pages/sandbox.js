// Shows what arrived without a reload, and sends what the buttons order.
const refresh = async () => {
  const text = await (await fetch("/")).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const open of document.querySelectorAll("details[open]")) {
    fresh.getElementById(open.id)?.setAttribute("open", "");
  }
  document.getElementById("providers").replaceWith(fresh.getElementById("providers"));
};

// One refresh at a time, and one more when something happened meanwhile.
let running = false;
let again = false;
const follow = async () => {
  again = running;
  if (running) return;
  running = true;
  try {
    await refresh();
  } finally {
    running = false;
  }
  if (again) follow();
};

const stream = new EventSource("/received/stream");
stream.addEventListener("received", follow);
stream.addEventListener("open", follow);

document.addEventListener("click", async (event) => {
  const { method, url, body } = event.target.dataset;
  if (!method) return;
  await fetch(url, { method, body, headers: body ? { "Content-Type": "application/json" } : {} });
  follow();
});
