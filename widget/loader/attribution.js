// The visitor's way to the form, and what of it the browser's storage keeps.

// The parameters of an address that say where a visit came from.
const CAMPAIGN =
  "utm_source utm_medium utm_campaign utm_term utm_content gclid gbraid wbraid fbclid msclkid ttclid li_fat_id".split(
    " ",
  );

// As long as advertisers ask which first visit led to a lead; after it the next visit is the first.
const FIRST_TOUCH_MS = 90 * 24 * 60 * 60 * 1000;

// The name in `sessionStorage` and `localStorage`.
const STORED_AS = "leadgate:attribution";

// Taken when the script runs: a router may rewrite the address before the form stands.
let arrival = currentVisit();

// What a storage that is blocked does not keep.
let lastKnown = null;

/**
 * What is known of the visit, by the names that the API takes, remembered as `memory` allows:
 * `session`, `first-touch`, or anything else for not at all, the cautious reading of a privacy option.
 * Storage that is blocked or full is no error: the visit is then known from its own page alone.
 */
export function attribution(memory) {
  const visit = currentVisit();
  if (memory !== "session" && memory !== "first-touch") return { page: visit.address.split("?")[0] };
  let known = read("sessionStorage") ?? lastKnown;
  if (arrival) known = after(arrival, known);
  arrival = null;
  lastKnown = known = after(visit, known);
  write("sessionStorage", known);
  const sent = { ...known, page: visit.address };
  if (memory === "first-touch") {
    const first = read("localStorage");
    const isOver = !(Date.now() - Date.parse(first?.at) < FIRST_TOUCH_MS);
    sent.first_touch = isOver ? { ...known, at: new Date().toISOString() } : first;
    write("localStorage", sent.first_touch);
  }
  return sent;
}

function currentVisit() {
  const parameters = new URLSearchParams(location.search);
  const campaign = {};
  for (const name of CAMPAIGN) {
    if (parameters.get(name)) campaign[name] = parameters.get(name);
  }
  return { address: publicPart(location.href), referrer: publicPart(document.referrer), campaign };
}

// Without the parameters that fill in fields: they speak of the person, not of the way.
function publicPart(address) {
  return address.split("#")[0].replace(/([?&])(lg_[^&]*(&|$))+/g, "$1");
}

// A page with campaign parameters begins a new story, any other continues the one that is known.
function after({ address, referrer, campaign }, known) {
  if (known && !Object.keys(campaign).length) return known;
  return { ...campaign, landing_page: address, ...(referrer && { referrer }) };
}

function read(storage) {
  try {
    const stored = JSON.parse(window[storage].getItem(STORED_AS));
    return typeof stored === "object" ? stored : null;
  } catch {
    return null;
  }
}

function write(storage, known) {
  try {
    window[storage].setItem(STORED_AS, JSON.stringify(known));
  } catch {
    // See `attribution`.
  }
}
