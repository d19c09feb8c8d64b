import './sign-mark.css';

/** The shapes a state can have; each is told from the others without colour. */
export type MarkShape = 'disc' | 'triangle' | 'cross' | 'slash' | 'question' | 'arrow' | 'pause' | 'ring' | 'dots';

/** A state's colour and shape as a 12 px mark; the word beside it is what is read out. */
export function SignMark({ tone, shape, size = 12 }: { tone: string; shape: MarkShape; size?: number }) {
  return (
    <svg className={`sign-mark tone-${tone}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}

/** A state as mark and word. */
export function SignWord({ sign, title }: { sign: { tone: string; shape: MarkShape; word: string }; title?: string }) {
  return (
    <span className={`sign-word tone-${sign.tone}`} title={title}>
      <SignMark tone={sign.tone} shape={sign.shape} />
      <span>{sign.word}</span>
    </span>
  );
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const shapes: Record<MarkShape, React.ReactNode> = {
  disc: <circle cx="6" cy="6" r="3.6" fill="currentColor" />,
  triangle: <path d="M6 1.4 11 10.4H1Z" fill="currentColor" />,
  cross: (
    <>
      <rect x="0.8" y="0.8" width="10.4" height="10.4" rx="2" fill="currentColor" />
      <path d="M4 4l4 4M8 4l-4 4" fill="none" className="sign-cut" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  slash: (
    <>
      <circle cx="6" cy="6" r="4.4" {...line} />
      <path d="M3 9 9 3" {...line} />
    </>
  ),
  question: (
    <>
      <path d="M3.8 4.4a2.2 2.2 0 1 1 3.4 1.8c-.8.5-1.2.9-1.2 1.7" {...line} />
      <circle cx="6" cy="10.4" r="1.05" fill="currentColor" />
    </>
  ),
  arrow: <path d="M6 10.4V2.2M2.6 5.4 6 2l3.4 3.4" {...line} />,
  pause: <path d="M3.8 2.2v7.6M8.2 2.2v7.6" {...line} strokeWidth={2.2} />,
  ring: <circle cx="6" cy="6" r="3.4" {...line} strokeWidth={1.5} />,
  dots: (
    <g fill="currentColor">
      <circle cx="1.9" cy="6" r="1.3" />
      <circle cx="6" cy="6" r="1.3" />
      <circle cx="10.1" cy="6" r="1.3" />
    </g>
  ),
};
