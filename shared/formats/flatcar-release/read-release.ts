import { type ReadRelease, releaseVersion, servicePackage } from '#shared/contract/update-service.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { parseOfferedUpdate } from '../omaha/read-response.ts';
import { hexToBase64, parseDigests } from './digests.ts';
import { parseVersionText } from './version-text.ts';

/** What Flatcar calls its payload. */
export const payloadFile = 'flatcar_production_update.gz';

/** What there is of a release: each may be empty. */
export interface ReleaseTexts {
  readonly versionText: string;
  readonly digests: string;
  /** What a public update server answered a machine of that channel. */
  readonly omahaResponse: string;
}

/** What was measured of the payload itself. */
export interface MeasuredPayload {
  readonly size: number;
  readonly sha1: string;
  readonly sha256: string;
}

type Draft = ReadRelease['draft'];
/** Takes a value for a field of the package from a source, or says why not. */
type Take = (key: keyof Draft, value: unknown, from: string) => void;

/** Puts together what is known of a release; where two sources differ that is a problem, and the payload itself is right. */
export function readRelease(texts: ReleaseTexts, payload: MeasuredPayload | null): ReadRelease {
  const draft: Draft = {};
  const sources: string[] = [];
  const problems: string[] = [];
  const take: Take = (key, value, from) => {
    const read = servicePackage.shape[key].safeParse(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (!read.success) {
      const why = read.error.issues[0]?.message ?? '';
      problems.push(`${key} in ${from} is ${cleanLine(text, 80) || 'empty'}: ${why}`);
      return;
    }
    const before: unknown = draft[key];
    const said = typeof before === 'string' ? before : JSON.stringify(before);
    if (before === undefined) Object.assign(draft, { [key]: read.data });
    else if (said !== text) problems.push(`${key} is ${text} in ${from}, but ${said} elsewhere`);
  };
  if (payload) {
    sources.push(`measured ${payloadFile}`);
    draft.filename = payloadFile;
    for (const key of ['size', 'sha1', 'sha256'] as const) take(key, payload[key], payloadFile);
  }
  if (texts.omahaResponse.trim() !== '') readOffered(texts.omahaResponse, take, sources, problems);
  if (texts.versionText.trim() !== '') {
    const { version, buildId } = parseVersionText(texts.versionText);
    if (version === null) problems.push('version.txt names no FLATCAR_VERSION');
    else take('version', version, 'version.txt');
    if (buildId !== null && buildId !== '') draft.description = cleanLine(`Build ${buildId}`, 300);
    sources.push('version.txt');
  }
  if (texts.digests.trim() !== '') readDigests(texts.digests, draft, take, sources, problems);
  if (draft.version !== undefined && !releaseVersion.safeParse(draft.version).success) delete draft.version;
  return { draft, sources, problems };
}

function readOffered(xml: string, take: Take, sources: string[], problems: string[]): void {
  const from = 'the Omaha response';
  try {
    const { version, codebase, files, action } = parseOfferedUpdate(xml);
    const [system, ...extra] = files;
    take('version', version, from);
    take('url', codebase, from);
    if (/\/arm64-usr\//.test(codebase)) take('arch', 'arm64', from);
    if (/\/amd64-usr\//.test(codebase)) take('arch', 'amd64', from);
    if (system) {
      take('filename', system.name, from);
      take('size', Number(system.size), from);
      take('sha1', system.sha1, from);
    } else problems.push('the Omaha response names no file');
    take('sha256', action['sha256'] ?? '', from);
    take('disablePayloadBackoff', action['DisablePayloadBackoff'] === 'true', from);
    take('needsAdmin', action['needsadmin'] === 'true', from);
    take('isDelta', action['IsDeltaPayload'] === 'true' || action['IsDelta'] === 'true', from);
    take(
      'extraFiles',
      extra.map(({ size, ...file }) => ({ ...file, size: Number(size) })),
      from,
    );
    sources.push(from);
  } catch (error) {
    problems.push(toProblem(error).message);
  }
}

function readDigests(text: string, draft: Draft, take: Take, sources: string[], problems: string[]): void {
  const digests = parseDigests(text);
  const name = draft.filename ?? payloadFile;
  const of = (kind: string) => digests.get(kind)?.get(name);
  const [sha1, sha256] = [of('SHA1'), of('SHA256')];
  if (sha1 === undefined && sha256 === undefined) {
    problems.push(`the digests name no SHA1 or SHA256 of ${name}`);
    return;
  }
  draft.filename = name;
  if (sha1 !== undefined) take('sha1', hexToBase64(sha1), 'the digests');
  if (sha256 !== undefined) take('sha256', hexToBase64(sha256), 'the digests');
  sources.push('digests');
}
