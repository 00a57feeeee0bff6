// « Fin des ateliers dans 32 min »: people have to walk to the hall. The hour is the server's.
import { roomNow } from "../lib/room_clock.js";

const MINUTE_MS = 60_000;
const LATE_MIN = 20; // from here on the page says at the top what is missing for the plenary

export function countdown(element) {
  const show = () => {
    const left = Math.ceil((Date.parse(element.dataset.ends) - roomNow()) / MINUTE_MS);
    let text = "C’est l’heure de la restitution";
    if (left > 60) text = `Fin des ateliers dans ${Math.floor(left / 60)} h ${String(left % 60).padStart(2, "0")}`;
    else if (left > 0) text = `Fin des ateliers dans ${left} min`;
    if (element.textContent !== text) element.textContent = text;
    document.body.classList.toggle("is-late", left <= LATE_MIN);
  };
  show();
  setInterval(show, 1_000);
}
