import { isTyping, keepingFocus } from "./focus.js";

// Replace parts of the page by their new fragments, never the one that a person is in.
export function replaceRegions(regions) {
  let waiting = false;
  for (const [id, html] of Object.entries(regions || {})) {
    const region = document.getElementById(id);
    if (!region || region.dataset.html === html) continue;
    if (isTyping(region)) {
      waiting = true;
      continue;
    }
    region.dataset.html = html;
    const chosen = region.querySelector("input:checked")?.value;
    keepingFocus(region, () => {
      region.innerHTML = html;
      const again = [...region.querySelectorAll("input[type=radio]")].find((input) => input.value === chosen);
      if (again) again.checked = true;
      return region;
    });
  }
  return !waiting;
}
