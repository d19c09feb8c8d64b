import { z } from 'zod';
import { filePath, unitStepVerbs } from '#shared/contract/change.ts';
import { type ConfigDocument, documentFormats } from '#shared/contract/document.ts';
import { unitName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { readSteps } from '#shared/lib/change/suggest.ts';
import { Findings, list, mapping, text } from '../cluster-file/readers.ts';
import { boundedProblems, inOrder } from '../text-problem.ts';
import { readYaml } from '../yaml-tree/read.ts';

/** What a document is, without its name and its text. */
export type DocumentFile = Pick<ConfigDocument, 'format' | 'targets' | 'file'>;

const step = z.string().transform((line, context) => {
  const steps = readSteps(line, (name) => unitName.safeParse(name).success);
  const one = 'wrong' in steps ? undefined : steps[0];
  if (one) return one;
  context.addIssue({ code: 'custom', message: 'is no step' });
  return z.NEVER;
});

const owner = z
  .string()
  .regex(/^\d{1,10}:\d{1,10}$/, 'is no owner')
  .transform((pair) => {
    const [uid = 0, gid = 0] = pair.split(':').map(Number);
    return { uid, gid };
  });

const fields = mapping(
  {
    format: text(z.enum(documentFormats, 'is no format'), `Write one of ${documentFormats.join(', ')}`),
    targets: text(z.string().max(1000, 'is too long'), 'Write a filter, as "targets: label:role=web"'),
    path: text(filePath, 'Write an absolute path, as "path: /etc/motd"'),
    mode: text(z.string().regex(/^[0-7]{3,4}$/, 'is no mode'), 'Write it in octal digits, as "mode: 644"'),
    owner: text(owner, 'Write the numbers of user and group, as "owner: 0:0"'),
    actions: list(
      text(step, `Write "restart nginx.service", with one of ${unitStepVerbs.join(', ')}`),
      'Write "actions: [daemon-reload, restart nginx.service]"',
    ),
  },
  'Write "format: file" and below it "path: /etc/motd"',
);

/** Reads what a document is. Null with any problem: half of what was meant is not kept. Never throws. */
export function parseDocumentFile(
  content: string,
  fileName: string,
): { file: DocumentFile | null; problems: readonly Problem[] } {
  const yaml = readYaml(content, fileName);
  const findings = new Findings(fileName);
  findings.problems.push(...yaml.problems);
  const read = (yaml.root && fields(yaml.root, 'a document', findings)) ?? {};
  const top = yaml.root?.place ?? { line: 1, column: 1 };
  const { format = 'file', targets = '', path, mode = null, owner: of = null, actions = [] } = read;
  if (findings.problems.length === 0) {
    if (format === 'file' && path === undefined)
      findings.add(top, 'it does not say where its text goes', 'Write "path: /etc/motd"');
    if (format !== 'file' && (path !== undefined || mode !== null || of !== null || actions.length > 0))
      findings.add(top, `a ${format} says itself where its files go`, 'Remove path, mode, owner and actions');
    if (actions.length > 20) findings.add(top, 'it has more than 20 actions', 'Remove some');
  }
  if (findings.problems.length > 0) return { file: null, problems: boundedProblems(inOrder(findings.problems), 20) };
  const where = path === undefined ? null : { path, mode, owner: of, actions };
  return { file: { format, targets, file: where }, problems: [] };
}
