// How far the server's clock is ahead of this laptop's, which may be wrong. A page that was
// reopened with no network remembers what it last knew.
const KEY = "contrib-ahead";

let ahead = 0;

export function setRoomClock(serverNow) {
  try {
    if ("reopened" in document.documentElement.dataset) {
      ahead = Number(localStorage.getItem(KEY)) || 0;
    } else {
      ahead = serverNow - Date.now();
      localStorage.setItem(KEY, String(ahead));
    }
  } catch {
    ahead = serverNow - Date.now(); // no storage: this page's own answer will do
  }
}

export const roomNow = () => Date.now() + ahead;
