/** What a machine says in one request. */
export interface OmahaWords {
  readonly machine: string;
  readonly version: string;
  readonly track?: string;
  readonly board?: string;
  readonly check?: boolean;
  readonly ping?: boolean;
  readonly events?: readonly {
    readonly type: number;
    readonly result: number;
    readonly previous?: string | undefined;
    readonly errorCode?: number;
  }[];
}

/** A request in the words of update_engine, as recorded in test/fixtures/omaha. */
export function omahaRequest({ machine, version, track = 'stable', board = 'amd64-usr', ...says }: OmahaWords): string {
  const events = (says.events ?? []).map(({ type, result, previous, errorCode }) => {
    const more = `${previous === undefined ? '' : ` previousversion="${previous}"`}${errorCode === undefined ? '' : ` errorcode="${errorCode}"`}`;
    return `        <event eventtype="${type}" eventresult="${result}"${more}></event>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<request protocol="3.0" version="update_engine-0.4.10" updaterversion="update_engine-0.4.10" installsource="scheduler" ismachine="1">
    <os version="Chateau" platform="CoreOS" sp="${version}_x86_64"></os>
    <app appid="{e96281a6-d1af-4bde-9a0a-97b76e56dc57}" version="${version}" track="${track}" bootid="{88eec183-f363-45ca-ada4-ae83be64a74e}" oem="qemu" oemversion="" alephversion="${version}" machineid="${machine}" machinealias="" lang="en-US" board="${board}" hardware_class="" delta_okay="false" >
${says.ping === false ? '' : '        <ping active="1"></ping>\n'}${says.check ? '        <updatecheck></updatecheck>\n' : ''}${events.join('')}    </app>
</request>
`;
}

/** What a machine was told: a version to take, `noupdate`, or the status with which it was refused. */
export type Told = string;

/**
 * Stand-in for update_engine's Omaha client: one machine that posts the requests of a real one in their order, and fetches
 * and writes nothing.
 */
export class OmahaMachine {
  readonly id: string;
  version: string;
  /** What it was given and has not ended. */
  updating: string | null = null;
  readonly #url: string;
  readonly #more: Pick<OmahaWords, 'track' | 'board'>;

  constructor(url: string, id: string, version: string, more: Pick<OmahaWords, 'track' | 'board'> = {}) {
    this.#url = url;
    this.id = id;
    this.version = version;
    this.#more = more;
  }

  /** Asks as the scheduler does; the first time after a boot with the event 3/2. */
  async check(events: OmahaWords['events'] = []): Promise<Told> {
    const xml = await this.post({ check: true, events });
    const version = /<manifest version="([^"]+)"/.exec(xml)?.[1];
    if (version !== undefined) this.updating = version;
    return (
      version ??
      (/<updatecheck status="noupdate"/.test(xml) ? 'noupdate' : (/<app [^>]*status="([^"]+)"/.exec(xml)?.[1] ?? xml))
    );
  }

  /** Tells one event, without a ping, as update_engine does in the midst of an update. */
  async event(type: number, result: number, errorCode?: number): Promise<void> {
    await this.post({ ping: false, events: [{ type, result, ...(errorCode !== undefined && { errorCode }) }] });
  }

  /** Downloads and writes what it was given: 13/1, 14/1, 3/1. */
  async install(): Promise<void> {
    for (const type of [13, 14, 3]) await this.event(type, 1);
  }

  /** Boots what it has written and says so with its next check. */
  async reboot(): Promise<Told> {
    const previous = this.version;
    this.version = this.updating ?? this.version;
    this.updating = null;
    return this.check([{ type: 3, result: 2, previous }]);
  }

  async fail(errorCode: number): Promise<void> {
    await this.event(3, 0, errorCode);
    this.updating = null;
  }

  /** Posts a request of this machine; resolves with the answer's text. */
  async post(says: Omit<OmahaWords, 'machine' | 'version'>): Promise<string> {
    const body = omahaRequest({ machine: this.id, version: this.version, ...this.#more, ...says });
    const answer = await fetch(this.#url, { method: 'POST', body, headers: { 'content-type': 'text/xml' } });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.text();
  }
}
