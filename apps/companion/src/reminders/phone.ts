/** This phone as a place where reminders are shown: asked of the browser, never without the person's tap. */

export type PhoneFault = 'notAble' | 'denied';

export type PushAddress = { endpoint: string; keys: { p256dh: string; auth: string } };

/** Asks the person, then the browser's push service. */
export async function openPush(publicKey: string): Promise<PushAddress | PhoneFault> {
  if (!('PushManager' in window) || !('Notification' in window)) return 'notAble';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  try {
    const registration = await navigator.serviceWorker.ready;
    const key = bytesOf(publicKey);
    const known = await registration.pushManager.getSubscription();
    // One made for another server's key cannot be used with this one.
    await known?.unsubscribe();
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = made.toJSON();
    if (endpoint === undefined || keys?.p256dh === undefined || keys.auth === undefined) return 'notAble';
    return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
  } catch {
    return 'notAble';
  }
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
