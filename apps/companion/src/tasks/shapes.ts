/** The nine shapes of the digit symbol task, as strokes on 24 x 24. */
const strokes: Readonly<Record<string, string>> = {
  arch: 'M4 20V12a8 8 0 0 1 16 0v8',
  cross: 'M12 3v18M3 12h18',
  gate: 'M5 21V4h14v17M5 12h14',
  hook: 'M8 3v12a4 4 0 0 0 8 0',
  moon: 'M15 3a9 9 0 1 0 6 13A8 8 0 0 1 15 3z',
  ring: 'M12 4a8 8 0 1 0 .1 0z',
  stair: 'M3 20h6v-6h6V8h6V3',
  star: 'M12 3v18M4.500 7.500l15 9M19.500 7.500l-15 9',
  wave: 'M2 12c3.500-8 6.500-8 10 0s6.500 8 10 0',
};

export function shapeOf(name: string, size: number): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const given = { viewBox: '0 0 24 24', width: String(size), height: String(size), 'aria-hidden': 'true' };
  for (const [attribute, value] of Object.entries(given)) svg.setAttribute(attribute, value);
  const path = document.createElementNS(space, 'path');
  const drawn = { d: strokes[name] ?? '', fill: 'none', stroke: 'currentColor', 'stroke-width': '2.200' };
  for (const [attribute, value] of Object.entries(drawn)) path.setAttribute(attribute, value);
  svg.append(path);
  return svg;
}
