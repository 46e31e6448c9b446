/**
 * The service worker: keeps the app's own files so that it opens without a network. It never touches data: requests
 * under `/v1` pass it by. A new version waits until the page says that nothing is unsent.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

const files = JSON.parse('__SHELL_FILES__') as string[];
const cacheName = 'limen-shell-__SHELL_VERSION__';
const base = new URL('./', worker.location.href);
const page = new URL('index.html', base).href;
const addresses = files.map((name) => new URL(name, base).href);

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

/** All or nothing: a shell with a hole in it must never be used. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(addresses.map((address) => new Request(address, { cache: 'no-cache' })));
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('limen-shell-') && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(worker.skipWaiting());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(base.href)) return;
  event.respondWith(request.mode === 'navigate' ? kept(page, request) : kept(url.href, request));
});

async function kept(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(address)) ?? fetch(request);
}

/** What a reminder says to whoever sees the phone: that somebody wanted to be reminded. */
const reminderWords: Readonly<Record<string, string>> = {
  en: 'Reminder',
  de: 'Erinnerung',
  es: 'Recordatorio',
  pt: 'Lembrete',
  nl: 'Herinnering',
  cs: 'Připomínka',
};

worker.addEventListener('push', (event) => {
  const language = (worker.navigator.language ?? 'en').slice(0, 2).toLowerCase();
  const title = reminderWords[language] ?? 'Reminder';
  event.waitUntil(worker.registration.showNotification(title, { tag: 'reminder', icon: 'icon-192.png' }));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPage());
});

async function openPage(): Promise<void> {
  const [open] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open === undefined) await worker.clients.openWindow(base.href);
  else await open.focus();
}
