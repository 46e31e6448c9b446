/** Pictures of a page as a person sees it, on a phone and on a desk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';

/** Widths and heights in CSS pixels. */
export const VIEWPORTS = {
  phone: { width: 360, height: 740 },
  desk: { width: 1280, height: 900 },
} as const;

export type ViewportName = keyof typeof VIEWPORTS;

export interface ScreenshotOptions {
  readonly url: string;
  readonly folder: string;
  /** First part of the file names. */
  readonly name: string;
  readonly viewports?: readonly ViewportName[];
  /** A running browser; otherwise one is started and closed. */
  readonly browser?: Browser;
  /** Language, colour scheme, storage and the like. */
  readonly context?: BrowserContextOptions;
  /** What to do before the picture, such as signing in or waiting for a heading. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** The whole page rather than the first screen. Default `false`. */
  readonly fullPage?: boolean;
}

/** Takes one PNG for each viewport and answers their paths: `<folder>/<name>-phone.png`, `<folder>/<name>-desk.png`. */
export async function takeScreenshots(options: ScreenshotOptions): Promise<readonly string[]> {
  const browser = options.browser ?? (await openBrowser());
  mkdirSync(options.folder, { recursive: true });
  const paths: string[] = [];
  try {
    for (const viewport of options.viewports ?? (['phone', 'desk'] as const)) {
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        ...options.context,
        viewport: VIEWPORTS[viewport],
      });
      const page = await context.newPage();
      await page.goto(options.url, { waitUntil: 'load' });
      await options.prepare?.(page);
      const path = join(options.folder, `${options.name}-${viewport}.png`);
      await page.screenshot({ path, fullPage: options.fullPage ?? false, animations: 'disabled' });
      paths.push(path);
      await context.close();
    }
  } finally {
    if (options.browser === undefined) await browser.close();
  }
  return paths;
}
