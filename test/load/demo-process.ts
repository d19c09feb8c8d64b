/** The demo fleet in a process of its own, so that its cost is not the console's: `demo-process.ts HOSTS FOLDER`; ends with its input. */
import { startDemoFleet } from '#demo/index.ts';

const [hosts = '1000', dir = ''] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };
const fleet = await startDemoFleet({ hosts: Number(hosts), dir, log: quiet });
process.stdout.write(`${fleet.clusterFile}\n`);
process.stdin.resume().on('end', () => {
  void fleet.end().then(() => process.exit(0));
});
