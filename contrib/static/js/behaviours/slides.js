// One slide after the other with the keys that a presenter's remote sends.
const NEXT = ["ArrowRight", "PageDown", " "];
const BEFORE = ["ArrowLeft", "PageUp"];

export function slides(container) {
  let at = -1;
  addEventListener("keydown", (event) => {
    const step = NEXT.includes(event.key) ? 1 : BEFORE.includes(event.key) ? -1 : 0;
    if (!step || event.target.closest("a, button, input, textarea")) return;
    event.preventDefault();
    const all = container.querySelectorAll(".slide");
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all[at]?.scrollIntoView();
    all[at]?.focus({ preventScroll: true });
  });
}
