// The hall's screen. It holds still: what changes while it is open is counted and offered, never pushed; the
// speaker's laptop drives it through a channel, and either works alone.
import { ask } from "../lib/ask.js";
import { changes } from "../lib/changes.js";
import { poll } from "../lib/poll.js";
import { Times } from "../lib/times.js";
import { deck } from "./deck.js";
import { keptPage } from "./kept_page.js";

const EVERY_MS = 2_000;
const DRIVEN_MS = 3_000;
const MINUTE_MS = 60_000;

export function stage(element) {
  const { event, feed } = element.dataset;
  const source = element.querySelector("#slides");
  const button = element.querySelector("[data-refresh]");
  const channel = new BroadcastChannel(`contrib-stage-${event}`);
  const times = new Times(event);
  let offered = null; // the slides as they would be, and the line that leads among them
  let driven = 0; // when the speaker's page last asked
  let seq = element.dataset.seq;

  keptPage(element);
  keepAwake();
  const progress = element.querySelector("[data-progress]");
  progress.hidden = false;
  let played = null;
  played = deck(source, element.querySelector("[data-deck]"), progress, moved);
  moved();

  function moved() {
    if (!played) return; // while it is built
    const { name, element: part } = played.current();
    times.turn(name);
    showTime(part, times, name);
    tell();
  }

  function count() {
    return offered ? changes(unitsOf(source), unitsOf(slidesOf(offered.slides))) : 0;
  }

  function tell() {
    channel.postMessage({ state: { ...played.state(), changes: count() } });
  }

  function offer() {
    const number = count();
    button.hidden = !number;
    button.textContent = `Actualiser\u00a0: ${number}\u00a0changement${number > 1 ? "s" : ""}`;
    tell();
  }

  function refresh() {
    source.replaceChildren(...slidesOf(offered.slides).children);
    progress.innerHTML = offered.progress;
    offered = null;
    played.build();
    offer();
  }

  button.addEventListener("click", () => {
    refresh();
    played.current().element.focus();
  });
  channel.addEventListener("message", ({ data }) => {
    if (data.press) played.press(data.press);
    if (data.go) played.open(data.go);
    if (data.refresh && offered) refresh();
    if (!data.ask) return;
    driven = Date.now();
    tell();
  });
  addEventListener("pagehide", () => channel.postMessage({ gone: true }));
  setInterval(() => {
    showTime(played.current().element, times, played.current().name);
    document.body.classList.toggle("is-driven", Date.now() - driven < DRIVEN_MS); // the speaker is offered it there
  }, 1_000);
  poll(
    async () => {
      const url = new URL(feed, location.href);
      url.searchParams.set("since", seq);
      const { answer } = await ask(url);
      document.dispatchEvent(new CustomEvent(answer ? "news" : "silence", { detail: answer }));
      if (!answer) return false;
      seq = answer.seq;
      if (answer.regions) {
        offered = answer.regions;
        offer();
      }
      return true;
    },
    { every: EVERY_MS },
  );
}

function slidesOf(html) {
  const held = document.createElement("template");
  held.innerHTML = html;
  return held.content;
}

// What can change on them, as lib/changes.js counts it.
function unitsOf(slides) {
  const units = [...slides.querySelectorAll("[data-unit]")];
  return units.map((unit) => [unit.closest(".slide").id, unit.dataset.unit, unit.textContent.replace(/\s+/g, " ")]);
}

// The minutes left of those that were planned, and a line that runs out.
function showTime(part, times, name) {
  const planned = (Number(part.dataset.minutes) + times.more(name)) * MINUTE_MS;
  if (!planned) return;
  const left = Math.max(0, planned - times.spent(name));
  const said = `${Math.ceil(left / MINUTE_MS)}\u00a0min`;
  const words = part.querySelector(".left");
  if (words.textContent !== said) words.textContent = said;
  part.querySelector(".sand i").style.setProperty("--left", `${(100 * left) / planned}%`);
}

// The screen stays on; the browser lets go of it each time the page is hidden.
function keepAwake() {
  const hold = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", hold);
  hold();
}
