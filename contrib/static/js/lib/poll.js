// Ask again and again, never twice at once; slower while the server does not answer,
// at once when the network or the person comes back. No DOM but the two events.
const SLOWEST_MS = 10_000;

export function poll(ask, { every, jitter = 0 }) {
  let timer = 0;
  let asking = false;
  let again = false;
  let wait = every;

  async function turn() {
    clearTimeout(timer);
    if (asking) {
      again = true; // what was written meanwhile does not wait for the next turn
      return;
    }
    asking = true;
    try {
      wait = (await ask()) ? every : Math.min(wait * 1.6, SLOWEST_MS);
    } finally {
      asking = false;
      timer = setTimeout(turn, again ? 0 : wait + Math.random() * jitter);
      again = false;
    }
  }

  addEventListener("online", turn);
  document.addEventListener("visibilitychange", () => document.hidden || turn());
  timer = setTimeout(turn, every);
  return turn;
}
