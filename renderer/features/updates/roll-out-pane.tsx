import { useMemo, useState } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdateGroup } from '#shared/contract/update-policy.ts';
import { isConnected, isOnItsWay } from '#shared/lib/is-connected.ts';
import type { Offers } from '#shared/lib/update/offers.ts';
import { draftFromPolicy, type RollOutDraft } from '#shared/lib/update/draft-from-policy.ts';
import { serverFights } from '#shared/lib/update/server-fights.ts';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { useFromTime, useOperate, useSection } from '../../state/hooks.ts';
import { EmptyNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { LeftOutList } from './left-out-list.tsx';
import { ServerFightList } from './server-fight-list.tsx';

const nothing: Readonly<Record<string, string>> = {};

function rollOutOf(group: UpdateGroup, hosts: ReadonlyMap<string, RecordOf<'host'>>, offers: Offers): RollOutDraft {
  const named = group.hosts.flatMap((name) => {
    const host = hosts.get(name);
    return host ? [[name, host] as const] : [];
  });
  return draftFromPolicy(group.policy, named, offers);
}

/** An agent is read within seconds of the connection; one that was not by then is not waited for. */
const longestReadMs = 20_000;

/** Nothing was read of its update agent yet, as when the console has only just started. */
function isAboutToTell(host: RecordOf<'host'> | undefined, now: number): boolean {
  if (!host || host.update) return false;
  if (!host.link || isOnItsWay(host.link)) return true;
  return isConnected(host.link) && now - host.link.since < longestReadMs;
}

/** Takes a group's hosts that are behind to what its policy says: who, who not and why, then the plan to read. */
export function RollOutPane({
  cluster,
  group,
  hosts,
  offers,
  onLeave,
}: {
  readonly cluster: string;
  readonly group: UpdateGroup;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly offers: Offers;
  readonly onLeave: () => void;
}) {
  const operate = useOperate();
  // Once somebody is behind it stays: a plan that changed under the eyes of who reads it would be none.
  const [kept, setKept] = useState<RollOutDraft | null>(null);
  const made = useMemo(() => kept ?? rollOutOf(group, hosts, offers), [kept, group, hosts, offers]);
  const unread = useFromTime((now) =>
    kept ? 0 : group.hosts.filter((name) => isAboutToTell(hosts.get(name), now)).length,
  );
  if (made.draft && unread === 0 && !kept) setKept(made);
  const server = useSection('cluster', '', 'updateServer');
  const fights = useMemo(() => {
    if (!server || !made.draft) return [];
    const going = made.draft.parts.flatMap((part) => part.hosts);
    return serverFights(
      group.policy,
      server,
      going.flatMap((name) => hosts.get(name) ?? []),
    );
  }, [server, made, group.policy, hosts]);
  if (unread > 0) return <WaitNote what={`Reading the update agents of ${count(unread, 'host')}…`} />;
  const taken = made.draft?.parts.reduce((sum, part) => sum + part.hosts.length, 0) ?? 0;
  return (
    <>
      <p>
        {count(taken, 'host')} {taken === 1 ? 'is' : 'are'} taken along
        {made.there.length > 0 && `, ${made.there.length} ${made.there.length === 1 ? 'is' : 'are'} there already`}
        {made.leftOut.length > 0 && `, ${made.leftOut.length} left out`}.
        {group.policy.paused && ' The group is paused: this begins by your hand all the same.'}
      </p>
      <ServerFightList cluster={cluster} found={fights} />
      <LeftOutList leftOut={made.leftOut} />
      {!operate && <p className="faint">The cluster is in observe mode: nothing can be started from here.</p>}
      {made.draft ? (
        <StagedDraft
          cluster={cluster}
          draft={made.draft}
          saw={nothing}
          title="Roll out"
          leave="Leave the roll-out"
          onLeave={onLeave}
        />
      ) : (
        <EmptyNote title="Nobody is behind">
          <p>Every host of {group.policy.group} that can be updated runs what it should.</p>
        </EmptyNote>
      )}
    </>
  );
}
