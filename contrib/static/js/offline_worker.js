// On https (and on the server's own machine) the capture page, and those of the plenary, can be
// reopened with no network.
// Pages: the network first, the kept copy where nothing of ours answers. Scripts and styles
// carry their version in their address: kept for good. Everything else passes by untouched.
const PAGES = "contrib-pages";
const ASSETS = "contrib-assets";
const PATIENCE_MS = 5_000;
const OURS = "X-Contrib";

let left = 0; // how often somebody has left

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  // who leaves takes the pages along: the next person at this laptop finds nothing
  if (request.method === "POST" && url.pathname.endsWith("/sortir")) {
    left += 1;
    event.waitUntil(caches.delete(PAGES));
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && isKept(url)) event.respondWith(page(request, url));
  else if (url.pathname.includes("/static/v/")) event.respondWith(asset(request));
});

addEventListener("message", (event) => {
  event.waitUntil(Promise.all([event.data.keep].flat().map((path) => keepPage(path).catch(() => {}))));
});

const isKept = (url) => /\/(ateliers\/[^/]+|restitution|plein-ecran|orateur)$/.test(url.pathname);

async function page(request, url) {
  const kept = await (await caches.open(PAGES)).match(url.pathname);
  const answer = fetch(request);
  if (!kept) return answer;
  try {
    const response = await Promise.race([answer, late()]);
    if (![502, 503, 504].includes(response.status)) return response; // ours, or a portal that wants a sign-in
  } catch {
    // no network, or nobody there
  }
  return reopened(kept);
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

// The page says that it is a kept copy: its notes and its clock are older than now.
async function reopened(kept) {
  const html = (await kept.text()).replace("<html ", "<html data-reopened ");
  const headers = new Headers(kept.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(html, { headers });
}

// What it loads first, the page last: one that is kept opens whole.
async function keepPage(path) {
  const before = left;
  const response = await fetch(path, { redirect: "manual", credentials: "same-origin" });
  if (response.status !== 200 || !response.headers.has(OURS)) return;
  const html = await response.clone().text();
  const loads = [...html.matchAll(/"([^"]*\/static\/v\/[^"]+)"/g)].map(([, address]) => address);
  await keepAssets(loads.map((address) => new URL(address, response.url).href));
  await (await caches.open(PAGES)).put(path, response);
  if (left !== before) await caches.delete(PAGES); // asked for by who has left meanwhile
}

// Scripts and styles, and what these load in their turn.
async function keepAssets(addresses, seen = new Set()) {
  const cache = await caches.open(ASSETS);
  const fresh = addresses.filter((address) => !seen.has(address));
  for (const address of fresh) seen.add(address);
  const keep = async (address) => {
    if (!(await cache.match(address))) await cache.add(address);
    if (!/\.(js|css)$/.test(address)) return;
    const text = await (await cache.match(address)).text();
    const loads = [...text.matchAll(/(?:from |import |import\(|url\()"(\.[^"]+)"/g)].map(([, one]) => one);
    await keepAssets(loads.map((one) => new URL(one, address).href), seen);
  };
  await Promise.all(fresh.map(keep));
}

async function asset(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}
