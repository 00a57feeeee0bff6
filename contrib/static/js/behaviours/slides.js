// One slide after the other with the keys that remotes and presenters know: page and arrow keys, space,
// Home and End, 1 to 8 for a workshop, B or . for black, F for the whole screen.
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BEFORE = ["ArrowLeft", "ArrowUp", "PageUp"];

export function slides(container) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button, input, textarea")) return;
    const all = [...container.querySelectorAll(".slide")];
    const key = event.key.toLowerCase();
    if (key === "b" || key === ".") document.body.classList.toggle("is-black");
    else if (key === "f") wholeScreen();
    else {
      const wanted = target(event.key, inView(all), all.length - 1);
      if (wanted === undefined) return;
      document.body.classList.remove("is-black");
      all[wanted].scrollIntoView();
      all[wanted].focus({ preventScroll: true });
    }
    event.preventDefault();
    keepAwake();
  });
}

// The number of the slide that a key asks for; undefined where it asks for none.
function target(key, now, last) {
  if (NEXT.includes(key)) return Math.min(last, now + 1);
  if (BEFORE.includes(key)) return Math.max(0, now - 1);
  if (key === "Home") return 0;
  if (key === "End") return last;
  return /^[1-8]$/.test(key) && Number(key) - 1 <= last ? Number(key) - 1 : undefined;
}

function inView(all) {
  const distances = all.map((slide) => Math.abs(slide.getBoundingClientRect().top));
  return distances.indexOf(Math.min(...distances));
}

function wholeScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {}); // a browser that refuses: the page is as it was
}

let awake;

function keepAwake() {
  awake ||= navigator.wakeLock?.request("screen").catch(() => undefined);
}
