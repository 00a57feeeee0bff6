// Replace parts of the page by their new fragments, never the one that a person is in.
export function replaceRegions(regions) {
  let waiting = false;
  for (const [id, html] of Object.entries(regions || {})) {
    const region = document.getElementById(id);
    if (!region || region.dataset.html === html) continue;
    if (region.contains(document.activeElement) || region.querySelector("details[open]")) {
      waiting = true;
      continue;
    }
    region.dataset.html = html;
    region.innerHTML = html;
  }
  return !waiting;
}
