// Keeps a copy of this page, and of those that `data-also` names, with the service worker, where the browser
// has one (https).
const AGAIN_MS = 60_000;

export function reopenOffline(page) {
  const worker = isSecureContext ? navigator.serviceWorker : undefined;
  if (!worker) return () => {};
  const registered = worker.register(page.dataset.worker, { scope: page.dataset.scope }).then(
    () => worker.ready,
    () => null, // a browser that refuses: the page is as on plain http
  );
  const also = page.dataset.also?.split(" ") ?? [];
  let kept = 0;
  let stale = true;
  return async function keep(changed) {
    stale ||= changed;
    if (!stale || Date.now() - kept < AGAIN_MS) return;
    [kept, stale] = [Date.now(), false];
    const registration = await registered;
    registration?.active?.postMessage({ keep: [location.pathname, ...also] });
  };
}
