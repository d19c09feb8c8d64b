import type { AuthPrompt, HostKeyQuestion } from '#shared/contract/cluster.ts';
import type { HostDisks, HostFacts, HostLink, HostLoad, HostReadings } from '#shared/contract/host.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { CountedUnits, HostsOfUnit, HostUnits } from '#shared/contract/unit.ts';
import type { BusSignal, BusValue, MatchRule } from '../dbus/bus.ts';
import type { UnitOverHosts } from './find-units.ts';
import type { ExecResult } from './host-access.ts';
import type { HostSpec, HostsOptions, Looking } from './hosts.ts';

/** What the main thread tells the worker. `id` ties an answer to its question; `to` names a follow, a bus or a match. */
export type ToWorker =
  | { readonly type: 'options'; readonly options: HostsOptions }
  | { readonly type: 'configure'; readonly specs: readonly HostSpec[] }
  | { readonly type: 'look'; readonly looking: Looking }
  | { readonly type: 'connect' | 'disable' | 'refuse-keys'; readonly hosts: readonly string[] }
  | {
      readonly type: 'accept-keys';
      readonly id: number;
      readonly keys: readonly { host: string; fingerprint: string }[];
    }
  | { readonly type: 'answer-prompt'; readonly prompt: string; readonly answers: readonly string[] | null }
  | {
      readonly type: 'exec';
      readonly id: number;
      readonly host: string;
      readonly command: string;
      readonly stdin: string | Uint8Array | null;
      readonly inShell: string | null;
      readonly timeoutMs: number;
      readonly maxBytes: number;
      readonly anew: boolean;
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'follow'; readonly id: number; readonly host: string; readonly command: string }
  | { readonly type: 'follow-write'; readonly to: number; readonly data: string | Uint8Array }
  /** The listener has taken so many bytes; more may come. */
  | { readonly type: 'follow-read'; readonly to: number; readonly bytes: number }
  | { readonly type: 'follow-pause' | 'follow-resume' | 'follow-close'; readonly to: number }
  | { readonly type: 'bus'; readonly id: number; readonly host: string }
  | {
      readonly type: 'bus-call';
      readonly id: number;
      readonly to: number;
      readonly call: readonly [
        destination: string,
        path: string,
        iface: string,
        member: string,
        signature: string | undefined,
        body: BusValue[] | undefined,
        timeoutMs: number | undefined,
      ];
    }
  | { readonly type: 'bus-match'; readonly id: number; readonly to: number; readonly rule: MatchRule }
  | { readonly type: 'bus-unmatch'; readonly id: number; readonly to: number }
  | { readonly type: 'bus-close'; readonly to: number }
  | { readonly type: 'watch-units'; readonly host: string; readonly on: boolean }
  | { readonly type: 'find-units'; readonly id: number; readonly text: string; readonly most: number }
  | { readonly type: 'count-units'; readonly id: number; readonly of: string }
  | { readonly type: 'hosts-of-unit'; readonly id: number; readonly unit: string }
  | { readonly type: 'end' };

/** One section of one host, changed. */
export type SectionChange =
  | readonly ['link', HostLink]
  | readonly ['facts', HostFacts]
  | readonly ['load', HostLoad]
  | readonly ['disks', HostDisks]
  | readonly ['readings', HostReadings]
  | readonly ['units', HostUnits];

/** What the worker tells; several travel in one message, in order. */
export type FromWorker =
  | { readonly type: 'section'; readonly host: string; readonly change: SectionChange }
  | { readonly type: 'heard'; readonly host: string; readonly at: number; readonly latencyMs: number }
  | { readonly type: 'key-question'; readonly question: HostKeyQuestion }
  | { readonly type: 'key-settled'; readonly host: string }
  | { readonly type: 'prompt'; readonly prompt: AuthPrompt; readonly secretName: string | null }
  | { readonly type: 'prompt-gone'; readonly id: string }
  | { readonly type: 'units-item'; readonly host: string; readonly item: UnitsItem }
  | { readonly type: 'answer'; readonly id: number; readonly value: AnswerValue }
  | { readonly type: 'refusal'; readonly id: number; readonly problem: Problem }
  | {
      readonly type: 'follow-data';
      readonly to: number;
      readonly chunk: Uint8Array;
      readonly from: 'stdout' | 'stderr';
    }
  | {
      readonly type: 'follow-end';
      readonly to: number;
      readonly end: { exitCode: number | null; signal: string | null; lost: boolean };
    }
  | { readonly type: 'bus-signal'; readonly to: number; readonly signal: BusSignal }
  | { readonly type: 'bus-closed'; readonly to: number; readonly reason: string }
  /** Something went wrong in the worker that nobody foresaw; it goes on. */
  | { readonly type: 'fault'; readonly what: string }
  | { readonly type: 'ended' };

/** What a question is answered with, by its kind. */
export type AnswerValue =
  | { readonly of: 'accept-keys'; readonly accepted: number }
  | { readonly of: 'find-units'; readonly units: readonly UnitOverHosts[] }
  | { readonly of: 'count-units'; readonly counted: CountedUnits }
  | { readonly of: 'hosts-of-unit'; readonly found: HostsOfUnit }
  | { readonly of: 'exec'; readonly result: ExecResult }
  | { readonly of: 'follow'; readonly to: number }
  | { readonly of: 'bus'; readonly to: number; readonly name: string }
  | { readonly of: 'bus-call'; readonly body: BusValue[] }
  | { readonly of: 'bus-match'; readonly to: number };
