// What both forms of the comparison check, as the widget does: the texts of errors by field.

const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;

/** What is wrong with one value; nothing where it is right. */
export function problemOf(field, value) {
  const text = value.trim();
  if (!text) return field.required ? "Fill in this field." : "";
  if (text.length > (field.max_length ?? 500)) return "Shorten this.";
  if (field.kind === "email" && !EMAIL.test(text)) return "Enter an email address such as name@example.com.";
  if (field.kind === "tel" && text.replace(/\D/g, "").length < 3) return "Enter a phone number that can be called.";
  return "";
}

/** The submission that the API takes, sent under a key of its own, up to three times. */
export async function send(values, definition, key, idempotencyKey) {
  const body = JSON.stringify({
    ...values,
    consent: { given: true, text: definition.consent.text, version: definition.consent.version, at: new Date() },
    locale: definition.locale,
    attribution: { page: location.href, referrer: document.referrer },
  });
  for (const wait of [1_000, 3_000, 0]) {
    const answer = await fetch("/v1/leads", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": idempotencyKey },
      body,
    }).catch(() => null);
    if (answer && answer.status < 500) return answer;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return null;
}
