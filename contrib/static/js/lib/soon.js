// A draft is on disk within 100 ms of a keystroke, and not with every one of them; what has not
// been written yet goes when the page is left.
const WRITE_AFTER_MS = 50;

// Calls `write` soon after an input in `element`. Gives what takes back a write that is due.
export function soonAfterInput(element, write) {
  let timer = 0;
  const now = () => {
    timer = 0;
    write();
  };
  element.addEventListener("input", () => (timer ||= setTimeout(now, WRITE_AFTER_MS)));
  addEventListener("pagehide", () => timer && now());
  return () => {
    clearTimeout(timer);
    timer = 0;
  };
}
