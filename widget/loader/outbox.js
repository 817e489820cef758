// Submissions on their way, kept in the browser's storage until the Worker has decided, for pages that ask for it with
// `data-outbox`. It holds what the visitor typed, which is why a page must ask.

// What was kept later is this page's own, and on its way.
const SINCE = Date.now();

const STORED_AS = "leadgate:outbox";

// The Worker knows a key for a day. After that a repeat could be a second lead.
const KEPT_MS = 24 * 60 * 60 * 1000;

// Answers that come out otherwise another time; all others are decisions.
const UNDECIDED = [408, 409, 429];

/** Keeps a submission: where it goes, its publishable key, its idempotency key and its body. */
export function keep(submission) {
  write([...others(submission.idempotencyKey), { ...submission, at: Date.now() }]);
}

/** Forgets a submission that the Worker has decided about. */
export function forget(idempotencyKey) {
  write(others(idempotencyKey));
}

/** Sends what earlier pages could not, each once; what fails again stays for the next page. */
export async function sendKept() {
  // What is too old goes.
  write(read());
  for (const { origin, key, idempotencyKey, body, at } of read()) {
    if (at >= SINCE) continue;
    try {
      const headers = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
      };
      const { status } = await fetch(`${origin}/v1/leads`, { method: "POST", headers, body, credentials: "omit" });
      if (status < 500 && !UNDECIDED.includes(status)) forget(idempotencyKey);
    } catch {
      // No network: the next page tries.
    }
  }
}

function others(idempotencyKey) {
  return read().filter((kept) => kept.idempotencyKey !== idempotencyKey);
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED_AS)) ?? [];
    return kept.filter(({ at }) => Date.now() - at < KEPT_MS);
  } catch {
    return [];
  }
}

function write(kept) {
  try {
    if (kept.length) localStorage.setItem(STORED_AS, JSON.stringify(kept));
    else localStorage.removeItem(STORED_AS);
  } catch {
    // Blocked or full: the submission goes out all the same, it only does not survive a reload.
  }
}
