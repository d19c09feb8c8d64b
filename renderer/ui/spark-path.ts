/** SVG paths of a line and the area under it for points of 0..100; a null is a gap. */
export function sparkPaths(
  points: readonly (number | null)[],
  width: number,
  height: number,
): { readonly line: string; readonly area: string } {
  let line = '';
  let area = '';
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const floor = height - 0.5;
  let start = 0;
  let pen = false;
  points.forEach((point, index) => {
    const x = round(index * step);
    if (point === null) {
      if (pen) area += `V${floor}H${start}Z`;
      pen = false;
      return;
    }
    const y = round(floor - (Math.min(100, Math.max(0, point)) / 100) * (height - 1.5));
    line += `${pen ? 'L' : 'M'}${x} ${y}`;
    area += `${pen ? 'L' : `M${x} ${floor}V`}${pen ? `${x} ` : ''}${y}`;
    if (!pen) start = x;
    pen = true;
  });
  if (pen) area += `V${floor}H${start}Z`;
  return { line, area };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
