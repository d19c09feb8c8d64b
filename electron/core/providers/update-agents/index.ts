import { apt } from './apt/apt.ts';
import { bootc } from './bootc/bootc.ts';
import { dnf } from './dnf/dnf.ts';
import { rpmOstree } from './rpm-ostree/rpm-ostree.ts';
import type { UpdateAgent } from './update-agent.ts';
import { updateEngine } from './update-engine/update-engine.ts';

/** Every update agent that is understood, in the order in which a host is tried for them. */
export const updateAgentList: readonly UpdateAgent[] = [updateEngine, bootc, rpmOstree, apt, dnf];
