// The same form as React and react-hook-form are used to write it.

import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { useForm } from "react-hook-form";
import css from "leadgate-style";
import { problemOf, send } from "./rules.js";

const tag = document.currentScript;
const key = tag.dataset.key;
const host = document.createElement("div");
tag.after(host);
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
const root = host.attachShadow({ mode: "open" });
root.adoptedStyleSheets = [sheet];

function Field({ field, register, error }) {
  const { name, label, kind } = field;
  const rules = register(name, { validate: (value) => problemOf(field, value ?? "") || true });
  const known = {
    id: name,
    "aria-describedby": `${name}-error`,
    "aria-invalid": Boolean(error),
    autoComplete: field.autocomplete ?? "off",
  };
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {kind === "textarea" ? <textarea {...known} {...rules} /> : <input type={kind} {...known} {...rules} />}
      <p className="error" id={`${name}-error`} aria-live="polite">
        {error?.message}
      </p>
    </div>
  );
}

function Form({ definition }) {
  const { register, handleSubmit, setError, formState } = useForm({ mode: "onTouched" });
  const [status, setStatus] = useState("");
  const [isLive, setLive] = useState(false);
  const [idempotencyKey] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join(""));
  useEffect(() => setLive(true), []);
  const submit = async ({ consent, ...values }) => {
    if (!values.email && !values.phone) {
      return setError("email", { message: "Enter an email address or a phone number." }, { shouldFocus: true });
    }
    setStatus("Sending…");
    const answer = await send(values, definition, key, idempotencyKey);
    setStatus(answer?.ok ? "sent" : "Your message could not be sent. Please try again.");
  };
  const mend = () => setStatus("Please check the marked fields.");
  if (status === "sent") return <p className="sent" role="status">Thank you.</p>;
  const { errors, isSubmitting } = formState;
  const busy = isLive ? { "data-busy": isSubmitting } : {};
  return (
    <form className="form" noValidate aria-label={definition.name} {...busy} onSubmit={handleSubmit(submit, mend)}>
      {definition.fields.map((field) => (
        <Field key={field.name} field={field} register={register} error={errors[field.name]} />
      ))}
      <div className="field">
        <div className="choice">
          <input
            id="consent"
            type="checkbox"
            aria-describedby="consent-error"
            {...register("consent", { required: "Tick the box to agree." })}
          />
          <label htmlFor="consent">{definition.consent.text}</label>
        </div>
        <p className="error" id="consent-error" aria-live="polite">
          {errors.consent?.message}
        </p>
      </div>
      <button className="send" type="submit">
        Send
      </button>
      <p className="status" role="status">
        {status}
      </p>
    </form>
  );
}

function App() {
  const [definition, setDefinition] = useState(null);
  useEffect(() => {
    fetch(`/v1/form?key=${key}`)
      .then((answer) => answer.json())
      .then(setDefinition);
  }, []);
  return <div className="box">{definition && <Form definition={definition} />}</div>;
}

createRoot(root).render(<App />);
