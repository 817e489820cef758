// The page's data layer, out of which Google Tag Manager and others take what happened.

/** Repeats an event of a form there, where its `data-datalayer` asks for it: empty, or the name of another layer. */
export function repeatInDataLayer({ type, detail, currentTarget }) {
  const name = currentTarget.dataset.datalayer;
  if (name !== undefined) (window[name || "dataLayer"] ??= []).push({ event: type, leadgate: detail });
}
