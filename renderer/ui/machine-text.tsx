import { memo, useMemo } from 'react';
import { cleanText } from '#shared/lib/clean-text.ts';
import './machine-text.css';

const longestLine = 4000;
const blockLines = 200;

/** Text from a machine, always as text: control characters are visible, very long lines are cut and say so. */
export const MachineText = memo(function MachineText({
  text,
  label,
  wrap = false,
}: {
  readonly text: string;
  readonly label: string;
  readonly wrap?: boolean;
}) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <pre className={`machine-text ${wrap ? 'machine-text-wrap' : ''}`} aria-label={label} tabIndex={0}>
      {blocks.map((block, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- blocks are places in one text, they have no other name
        <span key={index} className="machine-text-block">
          {block}
        </span>
      ))}
    </pre>
  );
});

/** Blocks of lines, so that the browser lays out only those on screen. */
function blocksOf(text: string): string[] {
  const lines = cleanText(text).split('\n').map(cutLine);
  const blocks: string[] = [];
  for (let from = 0; from < lines.length; from += blockLines) {
    blocks.push(lines.slice(from, from + blockLines).join('\n'));
  }
  return blocks;
}

function cutLine(line: string): string {
  if (line.length <= longestLine) return line;
  return `${line.slice(0, longestLine)} … (${(line.length - longestLine).toLocaleString('en')} more characters on this line)`;
}
