// Where a key leads among the parts of the slides: page and arrow keys, space, Home and End, 1 to 8 for a
// workshop. Remotes send page keys, or arrows.
const NEXT = new Set(["arrowright", "arrowdown", "pagedown", " "]);
const BEFORE = new Set(["arrowleft", "arrowup", "pageup"]);

// `names`: of each part in order, the name of its slide; undefined where the key asks for none of them.
export function target(key, names, now) {
  const last = names.length - 1;
  if (NEXT.has(key)) return Math.min(last, now + 1);
  if (BEFORE.has(key)) return Math.max(0, now - 1);
  if (key === "home") return 0;
  if (key === "end") return last;
  const first = /^[1-8]$/.test(key) ? names.indexOf(`slide-${key}`) : -1;
  return first < 0 ? undefined : first;
}

// The key of a press, in small letters; empty where it belongs to what one stands on, or to the browser.
export function pressed({ key, ctrlKey, altKey, metaKey, shiftKey, target: on }) {
  if (ctrlKey || altKey || metaKey || on.closest("input, textarea, select")) return "";
  if ((key === " " || key === "Enter") && on.closest("a, button, summary")) return "";
  return key === " " && shiftKey ? "pageup" : key.toLowerCase();
}
