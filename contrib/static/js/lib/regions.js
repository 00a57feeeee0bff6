import { isInHand, keepingFocus } from "./focus.js";

// Replace parts of the page by their new fragments, never the one that a person is in.
export function replaceRegions(regions) {
  let waiting = false;
  for (const [id, html] of Object.entries(regions || {})) {
    const region = document.getElementById(id);
    if (!region || region.dataset.html === html) continue;
    if (isInHand(region) || holdsTyped(region)) {
      waiting = true;
      continue;
    }
    region.dataset.html = html;
    const chosen = region.querySelector("input:checked")?.value;
    const open = [...region.querySelectorAll("details[open][id]")].map(({ id: opened }) => opened);
    keepingFocus(region, () => {
      region.innerHTML = html;
      const again = [...region.querySelectorAll("input[type=radio]")].find((input) => input.value === chosen);
      if (again) again.checked = true;
      for (const details of region.querySelectorAll("details[id]")) details.open ||= open.includes(details.id);
      return region;
    });
  }
  return !waiting;
}

// A text that somebody typed and has not sent.
const holdsTyped = (region) =>
  [...region.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")].some(
    (field) => field.value !== field.defaultValue,
  );
