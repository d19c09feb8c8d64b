import type { Findings } from '../finding.ts';
import type { YamlPlace } from '../yaml-tree/read.ts';

/** What is known of the host that a text is read for; null: not known. */
export interface AddressValues {
  readonly host: string;
  readonly privateIpv4: string | null;
  readonly publicIpv4: string | null;
  readonly privateIpv6: string | null;
  readonly publicIpv6: string | null;
}

type AddressName = Exclude<keyof AddressValues, 'host'>;
const addressNames: Readonly<Record<string, AddressName>> = {
  private_ipv4: 'privateIpv4',
  public_ipv4: 'publicIpv4',
  private_ipv6: 'privateIpv6',
  public_ipv6: 'publicIpv6',
};
const inCloudConfig = /(\\?)\$(private_ipv4|public_ipv4|private_ipv6|public_ipv6)/g;
// A shell's ${PRIVATE_IPV4} is a variable of the shell.
const inBraces = /(?<!\$)\{(PRIVATE_IPV4|PUBLIC_IPV4|PRIVATE_IPV6|PUBLIC_IPV6)\}/g;

/** Whether a text names an address of its host, in the way of cloud-config (`dollar`) or of Container Linux Config. */
export function namesAddress(text: string, style: 'dollar' | 'braces'): boolean {
  if (style === 'braces') return text.search(inBraces) >= 0;
  return [...text.matchAll(inCloudConfig)].some(([, escape]) => escape === '');
}

/**
 * A cloud-config with `$private_ipv4` and its like replaced, before it is read as YAML, as coreos-cloudinit does;
 * `\$private_ipv4` stays a word. Lines stay where they are.
 */
export function withAddresses(text: string, values: AddressValues, findings: Findings): string {
  const said = new Set<string>();
  return text.replaceAll(inCloudConfig, (all, escape: string, name: string, at: number) => {
    if (escape !== '') return all.slice(1);
    const value = addressOf(values, name);
    if (value !== null) return value;
    if (!said.has(name)) {
      said.add(name);
      missing(`$${name}`, values.host, placeAt(text, at), findings);
    }
    return all;
  });
}

/** A text with `{PRIVATE_IPV4}` and its like replaced, as Container Linux Config has them; `place` is where it stands. */
export function withBraces(text: string, values: AddressValues, place: YamlPlace, findings: Findings): string {
  const said = new Set<string>();
  return text.replaceAll(inBraces, (all, name: string) => {
    const value = addressOf(values, name.toLowerCase());
    if (value !== null) return value;
    if (!said.has(name)) missing(all, values.host, place, findings);
    said.add(name);
    return all;
  });
}

/** A text in which addresses stay words when a cloud-config is read. */
export function escapeAddresses(text: string): string {
  return text.replaceAll(inCloudConfig, (all, escape: string) => `${escape}\\${all.slice(escape.length)}`);
}

function addressOf(values: AddressValues, name: string): string | null {
  const key = addressNames[name];
  const value = key === undefined ? null : values[key];
  // What a host says of itself goes into a text that is read as YAML: nothing but an address may.
  const good = name.endsWith('4') ? /^\d{1,3}(\.\d{1,3}){3}$/ : /^[0-9a-fA-F:]{2,39}$/;
  return value !== null && good.test(value) ? value : null;
}

function missing(name: string, host: string, place: YamlPlace, findings: Findings): void {
  findings.error(
    place,
    `${name} is not known of ${host}`,
    'Write the address itself, or give the host an address of this kind.',
    host,
  );
}

function placeAt(text: string, at: number): YamlPlace {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
