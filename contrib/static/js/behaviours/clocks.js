// One clock on all pages: the hour at the top, and the minutes to what comes next. The hour is the
// server's; parts of the page that are replaced are found again each second.
import { setRoomClock, roomNow } from "../lib/room_clock.js";
import { hour } from "../lib/sentences.js";

const MINUTE_MS = 60_000;
const SOON_MIN = 20;

export function clocks() {
  const top = document.querySelector("[data-clock]");
  setRoomClock(Number(top.dataset.serverNow));
  const show = () => {
    write(top.querySelector("b"), hour(new Date(roomNow()), top.dataset.zone));
    for (const element of document.querySelectorAll("[data-moments]")) showMinutes(element);
  };
  show();
  setInterval(show, 1_000);
  document.addEventListener("news", show);
}

function showMinutes(element) {
  const all = JSON.parse(element.dataset.moments);
  if (!all.length) return;
  const next = all.find(({ at }) => Date.parse(at) > roomNow());
  const left = next && Math.ceil((Date.parse(next.at) - roomNow()) / MINUTE_MS);
  write(element.querySelector("b"), next ? said(left) : "C’est l’heure");
  write(element.querySelector("span"), next ? next.words : "de la restitution");
  element.classList.toggle("soon", Boolean(next) && left <= SOON_MIN);
}

// « 32 min », « 1 h 05 ».
export function said(minutes) {
  if (minutes <= 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
