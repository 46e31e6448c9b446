/** Whether nobody has touched the app for so long that it locks. Pure; a clock turned back counts as absence. */
export function isAbsent(lastMs: number, nowMs: number, minutes: number): boolean {
  return nowMs < lastMs || nowMs - lastMs >= minutes * 60_000;
}
