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
