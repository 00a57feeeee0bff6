// The speaker's laptop: what is on the hall's screen, what comes next, the time left. It drives the hall's window
// where one is open, and walks by itself where none is.
import { Times, duration } from "../lib/times.js";
import { hour } from "../lib/sentences.js";
import { roomNow } from "../lib/room_clock.js";
import { pressed, target } from "../lib/walk.js";
import { choices } from "./choices.js";

const ASK_MS = 1_000;
const GONE_MS = 2_500;
const MINUTE_MS = 60_000;
const OF_THE_HALL = new Set(["b", ".", "escape", "enter"]); // not F: the browser wants that press in its window

export function prompter(page) {
  const find = (name) => page.querySelector(`[data-${name}]`);
  const zone = document.querySelector("[data-clock]").dataset.zone;
  const channel = new BroadcastChannel(`contrib-stage-${page.dataset.event}`);
  const times = new Times(page.dataset.event);
  let state = { name: location.hash.slice(1) || "ouverture", at: 0, of: 1, units: [], black: false, changes: 0 };
  let heard = 0; // when the hall's window last said where it is; 0: there is none

  let followed = ""; // the slide whose next one is in view

  const names = () => [...page.querySelectorAll(".card")].map(({ dataset }) => dataset.slide);
  const hasHall = () => Date.now() - heard < GONE_MS;

  function press(key) {
    if (hasHall()) return channel.postMessage({ press: key });
    const all = names();
    const wanted = target(key, all, Math.max(0, all.indexOf(state.name)));
    if (wanted === undefined) return;
    state = { ...state, name: all[wanted], at: 0, of: 1, units: [], black: false, changes: 0 };
    times.turn(state.name);
    show();
  }

  function show() {
    const all = names();
    const here = Math.max(0, all.indexOf(state.name));
    page.classList.toggle("has-hall", hasHall());
    for (const element of page.querySelectorAll("[data-slide]")) {
      element.toggleAttribute("data-shown", element.dataset.slide === all[here]);
      element.toggleAttribute("data-next", element.dataset.slide === all[here + 1]);
    }
    for (const note of page.querySelectorAll(".card li[data-unit]")) {
      note.classList.toggle("is-on", state.units.includes(note.dataset.unit));
    }
    const part = state.of > 1 ? `, partie ${state.at + 1}/${state.of}` : "";
    const where = `${hasHall() ? "À l’écran" : "Ici"}, ${here + 1} sur ${all.length}${part} · `;
    for (const element of page.querySelectorAll("[data-where]")) write(element, where);
    showProgress(page, all[here]);
    if (followed !== all[here]) {
      follow(page.querySelector(".agenda"));
      page.querySelector(".now").scrollTop = 0; // a card begins at its head, wherever the last one stood
    }
    followed = all[here];
    page.querySelector("[data-press=b]").setAttribute("aria-pressed", String(state.black));
    write(find("hall"), said());
    find("open").hidden = hasHall();
    find("open").hash = state.name;
    const refresh = find("refresh");
    refresh.hidden = !(hasHall() && state.changes);
    write(refresh, `Actualiser la salle\u00a0: ${state.changes}\u00a0changement${state.changes > 1 ? "s" : ""}`);
    showTime();
  }

  function said() {
    if (!hasHall()) return "L’écran de la salle n’est pas ouvert ici.";
    if (state.black) return "L’écran de la salle est noir.";
    return state.all ? "La salle voit toutes les diapositives." : "L’écran de la salle suit.";
  }

  function showTime() {
    write(find("hour"), hour(new Date(roomNow()), zone));
    const card = page.querySelector(".card[data-shown]");
    const minutes = Number(card.dataset.minutes);
    const planned = (minutes + times.more(state.name)) * MINUTE_MS;
    const left = planned - times.spent(state.name);
    write(find("left"), minutes ? `${left < 0 ? "+\u00a0" : ""}${duration(left)}` : "");
    find("left").classList.toggle("is-over", left < 0 && minutes > 0);
    const of = `${planned / MINUTE_MS}\u00a0min, pour ${card.dataset.title}`;
    write(find("left-of"), minutes ? (left < 0 ? `de plus que ${of}` : `sur ${of}`) : "");
    page.querySelector(".sand i").style.setProperty("--left", `${minutes ? Math.max(0, (100 * left) / planned) : 0}%`);
    find("more").hidden = !minutes;
    for (const line of page.querySelectorAll(".agenda [data-used]")) {
      line.dataset.planned ||= line.textContent;
      const used = times.spent(line.parentElement.dataset.slide);
      write(line, used >= 1_000 ? `${line.dataset.planned}, ${duration(used)} prises` : line.dataset.planned);
    }
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.gone) heard = 0;
    const before = state;
    if (data.state) [heard, state] = [Date.now(), data.state];
    if (data.gone || data.state) show();
    const hasMoved = state.name !== before.name || state.at !== before.at;
    if (hasMoved) page.querySelector(".is-on")?.scrollIntoView({ block: "nearest" });
  });
  addEventListener("keydown", (event) => {
    const key = pressed(event);
    if (!key || (target(key, names(), 0) === undefined && !OF_THE_HALL.has(key))) return;
    event.preventDefault();
    press(key);
  });
  page.addEventListener("click", (event) => {
    const on = event.target.closest("[data-press], [data-refresh], [data-more], [data-open], .progress a");
    if (!on) return;
    if (on.dataset.press) press(on.dataset.press);
    else if ("refresh" in on.dataset) channel.postMessage({ refresh: true });
    else if ("more" in on.dataset) times.addMinute(state.name);
    else if ("open" in on.dataset) return openHall(event, on);
    else {
      event.preventDefault();
      jump(on.hash.slice(1));
    }
    show();
  });
  // a slide named: the hall's first part of it
  function jump(name) {
    if (hasHall()) return channel.postMessage({ go: name });
    state = { ...state, name, at: 0, of: 1, units: [] };
    times.turn(name);
  }

  choices(page);
  document.addEventListener("news", show);
  page.classList.add("is-live");
  for (const part of page.querySelectorAll("[data-scripted]")) part.hidden = false;
  const ask = () => {
    channel.postMessage({ ask: true });
    show();
  };
  setInterval(ask, ASK_MS);
  ask();
}

// A window of its own, that can be moved to the projector; the browser that refuses opens a tab.
function openHall(event, link) {
  if (window.open(link.href, "salle", "popup,width=1280,height=720")) event.preventDefault();
}

// What comes next stands in the middle of the list, where the list is longer than the screen.
function follow(agenda) {
  const next = agenda.querySelector("[data-next]");
  if (next) agenda.scrollTop = next.offsetTop - agenda.offsetTop - agenda.clientHeight / 2;
}

function showProgress(page, name) {
  const links = [...page.querySelectorAll(".progress a")];
  const here = links.findIndex((link) => link.hash === `#${name}`);
  links.forEach((link, at) => {
    link.classList.toggle("done", at < here);
    if (at === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
