// Whatever was clicked last, what is typed lands in the box: not on a radio, a button or the page.
export function typeAnywhere(box) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length > 1 && !["Dead", "Process"].includes(event.key)) return;
    const active = document.activeElement;
    if (active.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    if (event.key === " " && active !== document.body) return; // it presses the button, or ticks
    box.focus();
  });
}
