/** The content scrolls inside the frame, so that nothing of the frame ever covers it. */
export function scrollToTop(): void {
  document.querySelector('main')?.scrollTo(0, 0);
  window.scrollTo(0, 0);
}
