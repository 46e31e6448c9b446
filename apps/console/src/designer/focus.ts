/** Finding the field of a path on the page: the field itself, else what it is part of, else the first of its parts. */
import { isWithin } from './value.ts';

export function focusField(room: HTMLElement, path: string): boolean {
  const fields = [...room.querySelectorAll<HTMLElement>('[data-path]')].map((element) => ({
    element,
    path: element.dataset.path ?? '',
  }));
  const above = fields
    .filter((field) => field.path !== '' && isWithin(path, field.path))
    .sort((a, b) => b.path.length - a.path.length);
  const found =
    above.find((field) => field.path === path) ?? fields.find((field) => isWithin(field.path, path)) ?? above[0];
  if (found === undefined) return false;
  const { element } = found;
  for (let item = element.closest('details'); item !== null; item = item.parentElement?.closest('details') ?? null) {
    item.open = true;
  }
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'center' });
  return true;
}
