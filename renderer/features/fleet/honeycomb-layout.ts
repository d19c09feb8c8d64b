/** One host's cell: the middle of a hexagon. */
export interface Cell {
  readonly host: string;
  readonly x: number;
  readonly y: number;
}

/** A honeycomb laid out for a width: pointy-top hexagons, one block per group; only a named group has a head. */
export interface Comb {
  readonly radius: number;
  readonly cells: readonly Cell[];
  readonly heads: readonly { readonly key: string; readonly y: number }[];
  readonly height: number;
}

const largest = 36;
const smallest = 13;
const headHeight = 30;
const gap = 8;

/** The hosts of a group, none while it is folded. */
export interface CombGroup {
  readonly key: string;
  readonly hosts: readonly string[];
}

/** Lays the groups out with the largest hexagons that fit the height, or the smallest ones and a longer page. */
export function layComb(groups: readonly CombGroup[], width: number, height: number): Comb {
  for (let radius = largest; radius > smallest; radius -= 1) {
    const comb = layAt(groups, width, radius);
    if (comb.height <= height) return comb;
  }
  return layAt(groups, width, smallest);
}

function layAt(groups: readonly CombGroup[], width: number, radius: number): Comb {
  const cellWidth = Math.sqrt(3) * radius;
  const rowHeight = 1.5 * radius;
  // Every second row is half a cell further right, so half a cell of room is kept.
  const perRow = Math.max(1, Math.floor(width / cellWidth - 0.5));
  const cells: Cell[] = [];
  const heads: { key: string; y: number }[] = [];
  let y = 0;
  for (const { key, hosts } of groups) {
    if (key !== '') {
      heads.push({ key, y });
      y += headHeight;
    }
    hosts.forEach((host, index) => {
      const row = Math.floor(index / perRow);
      const shift = row % 2 === 0 ? 0.5 : 1;
      cells.push({ host, x: ((index % perRow) + shift) * cellWidth, y: y + radius + row * rowHeight });
    });
    const rows = Math.ceil(hosts.length / perRow);
    if (rows > 0) y += 2 * radius + (rows - 1) * rowHeight + gap;
  }
  return { radius, cells, heads, height: y };
}

/** The points of a pointy-top hexagon around 0,0 for an SVG polygon. */
export function hexagon(radius: number): string {
  const points: string[] = [];
  for (let corner = 0; corner < 6; corner++) {
    const angle = (Math.PI / 3) * corner + Math.PI / 6;
    points.push(`${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`);
  }
  return points.join(' ');
}
