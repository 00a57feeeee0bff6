// « 32 min, fin des ateliers à 16 h 20 »: people have to walk to the hall. The hour is the server's.
import { roomNow } from "../lib/room_clock.js";
import { hour } from "../lib/sentences.js";
import { said, write } from "./clocks.js";

const MINUTE_MS = 60_000;
const LATE_MIN = 20; // from here on the page says at the top what is missing for the plenary

export function countdown(element, timeZone) {
  const [large, small] = [element.querySelector("b"), element.querySelector("span")];
  const show = () => {
    const ends = Date.parse(element.dataset.ends);
    const left = Math.ceil((ends - roomNow()) / MINUTE_MS);
    write(large, left > 0 ? said(left) : "Les ateliers sont finis");
    write(
      small,
      left > 0 ? `fin des ateliers à ${hour(new Date(ends), timeZone)}` : `restitution à ${element.dataset.plenary}`,
    );
    document.body.classList.toggle("is-late", left <= LATE_MIN);
  };
  show();
  setInterval(show, 1_000);
}
