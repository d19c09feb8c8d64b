/** One line of the palette: what it is called, what is said of it, and what it does. */
export interface PaletteLine {
  readonly id: string;
  readonly label: string;
  readonly about?: string;
  readonly keys?: string;
  readonly mark?: React.ReactNode;
  readonly run: () => void;
}
