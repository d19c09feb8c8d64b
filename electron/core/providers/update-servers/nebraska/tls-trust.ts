import { X509Certificate } from 'node:crypto';
import { readPem } from '#core/lib/read-pem.ts';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** The authorities of a file in PEM, each looked at; rejects with `not-found` or `invalid-input`. */
export async function readAuthority(file: string): Promise<Buffer> {
  const text = await readPem(file, "update server's CA certificate");
  const blocks = text.toString().match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  try {
    if (blocks.length === 0) throw new Error('it has no BEGIN CERTIFICATE');
    // Made to be read: what is no certificate throws.
    blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    const why = error instanceof Error ? cleanLine(error.message, 200) : '';
    throw fail('invalid-input', `the update server's CA certificate ${file} is no certificate in PEM: ${why}`, {
      hint: 'Name a file with the authority that signed the certificate of the server under updates: server: ca.',
    });
  }
  return text;
}

/** Why a TLS connection was not made, with its cure; null when it was something else. */
export function tlsProblem(error: Error, url: string, caFile: string | null): ProblemError | null {
  const { code = '', cert } = error as NodeJS.ErrnoException & { readonly cert?: { readonly subjectaltname?: string } };
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const when = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return fail('unreachable', `${url}: its certificate, or one that signed it, ${when}`, {
      hint: 'Renew it on the server; or set the clock of this computer, where that is wrong.',
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = cleanLine(cert?.subjectaltname ?? '', 300) || 'no name at all';
    return fail('unreachable', `${url}: its certificate is for ${names}, not for ${new URL(url).hostname}`, {
      hint: 'Write a name that it is for under updates: server: url, or give the server a certificate for this one.',
    });
  }
  if (/CERT|SIGNATURE|ISSUER/.test(code) && !/ALERT/.test(code)) {
    const by = caFile === null ? 'an authority that this computer trusts' : `the authority in ${caFile}`;
    return fail('unreachable', `${url}: its certificate is not signed by ${by} (${code})`, {
      hint: `Name a file with the authority that signed it in the cluster file, under updates: server: ca.`,
    });
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return fail('protocol', `${url}: no TLS with what answers there: ${cleanLine(code, 100)}`, {
      hint: 'Where the server speaks plain HTTP, write its address with http:// under updates: server: url.',
    });
  return null;
}
