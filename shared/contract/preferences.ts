import { z } from 'zod';

/** A column of the fleet table and its width in CSS pixels; null is the column's own. */
export const columnChoice = z.object({ id: z.string().max(100), width: z.number().min(20).max(2000).nullable() });
export type ColumnChoice = z.infer<typeof columnChoice>;

/** What the person at this console likes; every window of it shows the same. */
export const preferences = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  railCollapsed: z.boolean(),
  detailWidth: z.number().min(280).max(1400),
  /** Of the pane that shows one unit over the fleet. */
  unitWidth: z.number().min(280).max(1400),
  /** Of the pane that shows an update group. */
  groupWidth: z.number().min(280).max(1400),
  /** How the difference of two texts is shown. */
  diffWay: z.enum(['inline', 'beside']),
  /** How a text with a form is edited. */
  textView: z.enum(['text', 'form', 'both']),
  /** Null means the columns the console came with. */
  fleetColumns: z.array(columnChoice).max(60).nullable(),
  unitTypes: z.string().max(40),
  /** 0 is as much as there is. */
  historyMinutes: z.number().min(0).max(60),
});
export type Preferences = z.infer<typeof preferences>;

/** What a person starts with. */
export const firstPreferences: Preferences = {
  theme: 'system',
  railCollapsed: false,
  detailWidth: 420,
  unitWidth: 680,
  groupWidth: 520,
  diffWay: 'inline',
  textView: 'text',
  fleetColumns: null,
  unitTypes: 'service',
  historyMinutes: 0,
};

const { shape } = preferences;
const kept = z.object({
  theme: shape.theme.catch(firstPreferences.theme),
  railCollapsed: shape.railCollapsed.catch(firstPreferences.railCollapsed),
  detailWidth: shape.detailWidth.catch(firstPreferences.detailWidth),
  unitWidth: shape.unitWidth.catch(firstPreferences.unitWidth),
  groupWidth: shape.groupWidth.catch(firstPreferences.groupWidth),
  textView: shape.textView.catch(firstPreferences.textView),
  diffWay: shape.diffWay.catch(firstPreferences.diffWay),
  fleetColumns: shape.fleetColumns.catch(firstPreferences.fleetColumns),
  unitTypes: shape.unitTypes.catch(firstPreferences.unitTypes),
  historyMinutes: shape.historyMinutes.catch(firstPreferences.historyMinutes),
});

/** The preferences in something that was kept; each that is broken or missing is as a person starts with it. */
export function readPreferences(value: unknown): Preferences {
  return kept.catch(firstPreferences).parse(value);
}
