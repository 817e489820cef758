// The script of the tag: defines `<leadgate-form>` and, for a tag with `data-key`, puts one into the page.

import { loadDefinition } from "./definition.js";
import { LeadgateForm } from "./element.js";
import { placeForm } from "./tag.js";

// Absent where the page runs the file as a module or by other means than a tag.
const tag = document.currentScript;
// `/form.js` has it in its address.
const key = tag?.dataset.key ?? tag?.src.split("?key=")[1];

if (!customElements.get("leadgate-form")) {
  // The Worker that served the script also serves its assets and takes the leads.
  LeadgateForm.home = tag?.src ?? document.querySelector('script[src$="/widget.js"]')?.src ?? document.baseURI;
  // Before all else, for which there is time until it is answered.
  if (key) loadDefinition(LeadgateForm.home, key);
  customElements.define("leadgate-form", LeadgateForm);
}

if (key != null) {
  tag.dataset.key = key;
  placeForm(tag);
}
