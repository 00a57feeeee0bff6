// The presenter's page, the speaker's and the desk: what changed, every second. A page that gets no answer
// says from when it is: it never goes blank.
import { ask } from "../lib/ask.js";
import { poll } from "../lib/poll.js";
import { replaceRegions } from "../lib/regions.js";
import { roomNow } from "../lib/room_clock.js";
import { hour } from "../lib/sentences.js";

const EVERY_MS = 1_000;
const OLD_MS = 5_000; // one answer that is late is no news

export function liveRegions(element) {
  let seq = element.dataset.seq || "0";
  const age = ageOf(element);
  const address = () => {
    const url = new URL(element.dataset.feed, location.href);
    url.searchParams.set("since", seq);
    return url;
  };
  poll(
    async () => {
      const { answer, status } = await ask(address());
      age(answer ? "" : status === 401 ? CODE : SILENT);
      if (!answer) {
        document.dispatchEvent(new CustomEvent("silence"));
        return false;
      }
      if (replaceRegions(answer.regions)) seq = answer.seq;
      element.dispatchEvent(new CustomEvent("news", { bubbles: true, detail: answer }));
      return true;
    },
    { every: EVERY_MS },
  );
}

const SILENT = (at) =>
  `Le serveur ne répond plus. Cette page est celle de ${at}\u00a0; elle suivra d’elle-même dès qu’il répond.`;
const CODE = (at) => `Cette page est celle de ${at}\u00a0: rechargez-la pour entrer à nouveau.`;

// Gives what says at the top of the page that it is old, and of which hour; empty where it is not.
function ageOf(element) {
  const notice = document.createElement("p");
  notice.className = "aged";
  notice.setAttribute("role", "status");
  element.prepend(notice);
  const top = document.querySelector("[data-clock]");
  // one that was reopened without network is as old as the copy
  let seen = "reopened" in document.documentElement.dataset ? Number(top.dataset.serverNow) : roomNow();
  return (why) => {
    if (!why) seen = roomNow();
    const old = why && roomNow() - seen > OLD_MS;
    const text = old ? why(hour(new Date(seen), top.dataset.zone)) : "";
    if (notice.textContent !== text) notice.textContent = text;
  };
}
