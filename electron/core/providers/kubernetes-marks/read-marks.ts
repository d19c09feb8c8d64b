import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from '#shared/contract/host.ts';
import { type HostKubernetes, hostKubernetes } from '#shared/contract/kubernetes.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import { hostScriptFolder } from '../../probes/host-scripts.ts';
import { scriptSections, type ScriptSections } from '../../probes/script-sections.ts';
import { readDaemonSet, readNode } from './objects.ts';

const limits = { timeoutMs: 60_000, maxBytes: 400_000 };
let text: string | null = null;

/**
 * Reads what kured and the Flatcar operator marked on the host's node, with the rights of its kubelet, else with the login
 * user's own configuration of kubectl; null where neither is there. Rejects with ProblemError when the host did not answer.
 */
export async function readKubernetesMarks(
  access: HostAccess,
  facts: Pick<HostFacts, 'elevation'>,
  now: () => number,
): Promise<HostKubernetes | null> {
  const { host } = access;
  text ??= readFileSync(join(hostScriptFolder(), 'kubernetes-marks.sh'), 'utf8');
  const word = facts.elevation === 'sudo' ? 'sudo' : 'plain';
  const result = await access.exec(
    `exec ${commandLine(['/bin/sh', '-c', text, 'quarterdeck-kubernetes-marks', word])}`,
    limits,
  );
  if (result.lost) throw fail('lost', 'the connection was lost while the marks of Kubernetes were read', { host });
  const sections = scriptSections(result.stdout);
  if (!sections.complete) throw fail('protocol', 'the host did not tell about Kubernetes', { host });
  if (!sections.has('found')) return null;
  const checked = hostKubernetes.safeParse({ readAt: now(), ...marks(sections, host) });
  if (!checked.success)
    throw fail('protocol', `Kubernetes told what cannot be: ${checked.error.issues[0]?.path.join('.')}`, { host });
  return checked.data;
}

function marks(sections: ScriptSections, host: string): Omit<HostKubernetes, 'readAt'> {
  const config = cleanLine(sections.value('found', 'config'), 300);
  const name = cleanLine(sections.value('found', 'name'), 253);
  const none = { node: name, config, unschedulable: false, kured: null, fluo: null };
  const problem = (code: Problem['code'], message: string): Problem => ({ code, message, host });
  if (sections.value('found', 'kubectl') === 'no')
    return {
      ...none,
      problem: problem('unsupported', 'a kubelet is set up here, and kubectl is not there to ask with'),
    };
  if (name === '') return { ...none, problem: problem('protocol', 'the name of the node is none') };
  const node = readNode(sections.lines('node').join(''), name);
  if (!node) {
    const said = cleanLine(sections.lines('node-error').join(' '), 300);
    return { ...none, problem: problem(codeOf(said), `node ${name} could not be read: ${said || 'no answer'}`) };
  }
  const lock = readDaemonSet(sections.lines('kured').join(''));
  const said = cleanLine(sections.lines('kured-error').join(' '), 300);
  const isThere = lock !== null || node.kured !== null;
  const unread = lock === null && codeOf(said) !== 'not-found';
  return {
    node: name,
    config,
    unschedulable: node.unschedulable,
    kured: isThere ? { inProgress: null, rebootNeeded: null, ...node.kured, lock } : null,
    fluo: node.fluo,
    problem: unread ? problem(codeOf(said), `kured's lock could not be read: ${said || 'no answer'}`) : null,
  };
}

function codeOf(said: string): Problem['code'] {
  if (/NotFound|not found/i.test(said)) return 'not-found';
  if (/Forbidden|Unauthorized/i.test(said)) return 'permission';
  return 'protocol';
}
