import { fail } from '#shared/contract/problem.ts';
import type { HistoryItem, JournalItem, Subject, UnitsItem } from '#shared/contract/streams.ts';
import { followJournal } from '../probes/units/follow-journal.ts';
import type { StreamSink, StreamSource } from '../session/streams.ts';
import type { OpenCluster } from './open-cluster.ts';

/** Starts what a subject names and feeds it into the sink. Throws a Problem when it cannot begin. */
export function openStream(cluster: OpenCluster, subject: Subject, sink: StreamSink): StreamSource {
  switch (subject.kind) {
    case 'history':
      return restartable((onItem) => cluster.vitals.follow(subject.host, onItem), sink);
    case 'units':
      return restartable((onItem) => cluster.hosts.watchUnits(subject.host, onItem), sink);
    case 'journal':
      return journalSource(cluster, subject.host, subject.unit, sink);
    default:
      return subject satisfies never;
  }
}

/** A source that begins with a whole picture: when the view falls behind it is left, and begun anew when there is room. */
function restartable(
  begin: (onItem: (item: HistoryItem | UnitsItem) => void) => () => void,
  sink: StreamSink,
): StreamSource {
  let stop: (() => void) | null = null;
  const start = () => {
    let full = false;
    const begun = begin((item) => {
      if (!full && !sink.item(item)) {
        full = true;
        stop?.();
        stop = null;
      }
    });
    if (full) begun();
    else stop = begun;
  };
  start();
  return { ready: () => void (stop ?? start()), close: () => stop?.() };
}

/** Journal lines that the view has no room for are counted, not queued. */
function journalSource(cluster: OpenCluster, host: string, unit: string, sink: StreamSink): StreamSource {
  let full = false;
  let dropped = 0;
  let closed = false;
  let close: () => void = () => {
    closed = true;
  };
  const onItem = (item: JournalItem) => {
    if (full) {
      dropped += item.lines.length + item.dropped;
      return;
    }
    full = !sink.item({ lines: item.lines, dropped: item.dropped + dropped });
    dropped = 0;
  };
  void followJournal(cluster.hosts.access(host), unit, {
    onItem,
    onEnd: (problem) => sink.end(problem ?? fail('lost', 'the journal ended', { host })),
  }).then(
    (following) => {
      if (closed) following.close();
      else close = () => following.close();
    },
    (error: unknown) => sink.end(error),
  );
  return { ready: () => void (full = false), close: () => close() };
}
