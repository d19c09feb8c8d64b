import { z } from 'zod';

const bounds = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
});

/** What is kept of the window between runs; anything else in the file counts as nothing kept. */
export const windowState = z.object({ bounds, maximized: z.boolean() });
export type WindowState = z.infer<typeof windowState>;

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the window opens. Without x and y, the desktop chooses. */
export interface WindowPlace {
  readonly bounds: { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

const usual = { width: 1360, height: 860 };
/** So much of the title bar must be on a screen for a person to get hold of it. */
const gripPx = { width: 160, height: 40 };

/** The kept place when it is still on one of the screens (work areas), else the usual size, never larger than the first screen. */
export function windowPlace(kept: WindowState | null, screens: readonly Rectangle[]): WindowPlace {
  const first = screens[0];
  const fit = (size: { width: number; height: number }) => ({
    width: Math.min(size.width, first?.width ?? size.width),
    height: Math.min(size.height, first?.height ?? size.height),
  });
  if (!kept) return { bounds: fit(usual), maximized: false };
  const { x, y, width, height } = kept.bounds;
  const grippable = screens.some(
    (screen) =>
      x !== undefined &&
      y !== undefined &&
      y >= screen.y &&
      y + gripPx.height <= screen.y + screen.height &&
      Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x) >= gripPx.width,
  );
  if (grippable && x !== undefined && y !== undefined) {
    return { bounds: { x, y, width, height }, maximized: kept.maximized };
  }
  return { bounds: fit({ width, height }), maximized: kept.maximized };
}
