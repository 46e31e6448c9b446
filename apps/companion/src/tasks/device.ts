/** What the phone was, as far as it bears on times: nothing that would tell one phone from another of its kind. */
import type { FrameReport } from './frames.ts';

const systems = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh/],
  ['Linux', /Linux/],
] as const;
const browsers = [
  ['Firefox', /Firefox\//],
  ['Edge', /Edg\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
] as const;

export function deviceWords(frames: FrameReport, input: string): string {
  const named = (list: readonly (readonly [string, RegExp])[]) =>
    list.find(([, pattern]) => pattern.test(navigator.userAgent))?.[0] ?? 'other';
  const hertz = frames.intervalMs > 0 ? `${Math.round(1000 / frames.intervalMs)} Hz` : 'frames unknown';
  const size = `${Math.round(innerWidth / 20) * 20} x ${Math.round(innerHeight / 20) * 20} px`;
  return [hertz, input, size, `density ${Math.round(devicePixelRatio * 2) / 2}`, named(systems), named(browsers)].join(
    '; ',
  );
}
