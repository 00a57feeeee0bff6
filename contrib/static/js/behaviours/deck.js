// The slides of `source`, played in `host`: one part of a slide on the screen at a time. `source` stays as the
// server sent it: it is what is printed, and what is read without a script.
import { pressed, target } from "../lib/walk.js";
import { partsOf } from "./split_slides.js";

const COLUMNS = 4; // of all slides, as in stage.css
const SWIPE_PX = 40;

export function deck(source, host, progress, moved) {
  let parts = [];
  let now = 0;
  // the slide, and how many characters of it stand on parts before: found again whatever the screen's size
  let place = history.state?.name ? history.state : { name: location.hash.slice(1), from: 0 };

  function build() {
    const hadFocus = host.contains(document.activeElement);
    const wasAll = isAll();
    host.classList.remove("is-all"); // parts are measured as large as the screen
    host.replaceChildren();
    parts = [...source.children].flatMap((slide) => partsOf(slide, host));
    host.classList.toggle("is-all", wasAll);
    show(placed());
    if (hadFocus) focus();
  }

  function placed() {
    const here = parts.findLastIndex(({ name, from }) => name === place.name && from <= place.from);
    return here < 0 ? Math.min(now, parts.length - 1) : here;
  }

  function show(index) {
    now = index;
    const { name, element } = parts[now];
    for (const part of parts) part.element.toggleAttribute("data-shown", part === parts[now]);
    element.querySelector(".slide-foot").prepend(progress);
    const order = [...progress.querySelectorAll("a")];
    const here = order.findIndex((link) => link.hash === `#${name}`);
    order.forEach((link, at) => {
      link.classList.toggle("done", at < here);
      if (at === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    element.scrollIntoView({ block: "nearest" });
    moved();
  }

  function go(index) {
    const { name, from } = parts[index];
    place = { name, from };
    history.replaceState(place, "", `#${name}`);
    show(index);
    focus();
  }

  // The first part of a slide.
  function open(name) {
    const first = parts.findIndex((part) => part.name === name);
    if (first >= 0) go(first);
  }

  const focus = () => parts[now].element.focus({ preventScroll: true });
  const isAll = () => host.classList.contains("is-all");

  function all(wanted) {
    document.body.classList.toggle("shows-all", wanted);
    host.classList.toggle("is-all", wanted);
    parts[now].element.scrollIntoView({ block: "nearest" });
    focus();
  }

  // Among all slides up and down go a row further; undefined elsewhere.
  function rowFrom(key) {
    const row = isAll() && { arrowdown: COLUMNS, arrowup: -COLUMNS }[key];
    return row ? Math.max(0, Math.min(parts.length - 1, now + row)) : undefined;
  }

  // Whether the key asked for something here.
  function press(key) {
    if (key === "escape" || (isAll() && ["enter", " "].includes(key))) all(!isAll());
    else if (key === "b" || key === ".") document.body.classList.toggle("is-black");
    else if (key === "f") wholeScreen();
    else {
      const wanted = rowFrom(key) ?? target(key, parts.map(({ name }) => name), now);
      if (wanted === undefined) return false;
      document.body.classList.remove("is-black");
      go(wanted);
    }
    moved();
    return true;
  }

  addEventListener("keydown", (event) => {
    const key = pressed(event);
    if (key && press(key)) event.preventDefault();
  });
  addEventListener("resize", onceAFrame(build));
  document.fonts.addEventListener("loadingdone", onceAFrame(build));
  progress.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    open(link.hash.slice(1));
  });
  byHand(host, (event, step) => {
    const on = isAll() && parts.findIndex(({ element }) => element.contains(event.target));
    if (!isAll()) press(step);
    else if (on >= 0) {
      go(on);
      all(false);
    }
  });
  document.addEventListener("fullscreenchange", () => {
    // the news of entering may come when F was pressed again; Escape itself is the browser's there
    if (document.fullscreenElement) return;
    if (!leavingByKey) all(true);
    leavingByKey = false;
  });
  host.parentElement.hidden = false;
  document.documentElement.dataset.playing = "";
  build();

  return {
    press,
    open,
    build,
    state() {
      const { name, at, of, element } = parts[now];
      const units = [...element.querySelectorAll("[data-unit]")].map(({ dataset }) => dataset.unit);
      const next = parts[now + 1]?.name;
      return { name, at, of, next, units, black: document.body.classList.contains("is-black"), all: isAll() };
    },
    current: () => parts[now],
  };
}

let leavingByKey = false;

function wholeScreen() {
  if (document.fullscreenElement) {
    leavingByKey = true;
    return document.exitFullscreen();
  }
  const lendEscape = () => navigator.keyboard?.lock?.(["Escape"]);
  // a browser that refuses: the page is as it was
  return document.documentElement.requestFullscreen?.().then(lendEscape).catch(() => {});
}

function onceAFrame(work) {
  let asked = 0;
  return () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(work);
  };
}

// A tap, a click, a swipe: `done(event, key)`; the left third goes back, as a swipe to the right does.
function byHand(host, done) {
  let begun = null;
  host.addEventListener("pointerdown", (event) => (begun = event.isPrimary && event.button === 0 ? event : null));
  host.addEventListener("pointerup", (event) => {
    if (!begun || event.target.closest("a, button")) return;
    const way = event.clientX - begun.clientX;
    const isSwipe = Math.abs(way) > SWIPE_PX;
    if (isSwipe && event.pointerType === "mouse") return; // text that somebody selects
    const back = isSwipe ? way > 0 : event.clientX < innerWidth / 3;
    begun = null;
    done(event, back ? "arrowleft" : "arrowright");
  });
}
