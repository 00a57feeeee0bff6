// A page that must open at half past four: kept by the service worker where the browser has one (https), else
// it warns before it is left while nothing answers.
import { reopenOffline } from "./reopen_offline.js";

export function keptPage(element) {
  const keep = reopenOffline(element);
  let isLost = false; // nothing would open in its place
  document.addEventListener("news", ({ detail }) => {
    isLost = false;
    keep(Boolean(detail.regions));
  });
  document.addEventListener("silence", async () => (isLost = !(await canReopen())));
  addEventListener("beforeunload", (event) => isLost && event.preventDefault());
}

async function canReopen() {
  try {
    return Boolean(await caches.match(location.pathname));
  } catch {
    return false; // plain http has no caches
  }
}
