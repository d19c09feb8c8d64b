import type { ServiceArch, ServiceGroup } from '#shared/contract/update-service.ts';
import type { OmahaApp } from '#shared/formats/omaha/request.ts';

/** The one application that is served: Container Linux and Flatcar share it. */
export const flatcarAppId = 'e96281a6-d1af-4bde-9a0a-97b76e56dc57';

/** Groups of the public servers, which old machines name by their id. */
const tracksOfIds: Readonly<Record<string, string>> = {
  '5b810680-e36a-4879-b98a-4f989e80b899': 'alpha',
  '3fe10490-dd73-4b49-b72a-28ac19acfcdc': 'beta',
  '9a2deb70-37be-4026-853f-bfdd6b347bbe': 'stable',
  '72834a2b-ad86-4d6d-b498-e08a19ebe54e': 'edge',
  'e641708d-fb48-4260-8bdf-ba2074a1147a': 'alpha',
  'd112ec01-ba34-4a9e-9d4b-9814a685f266': 'beta',
  '11a585f6-9418-4df0-8863-78b2fd3240f8': 'stable',
  'b4b2fa22-c1ea-498c-a8ac-c1dc0b1d7c17': 'edge',
};

/** What a board is; machines that do not say one are taken for amd64, as Nebraska does. */
function archOf(board: string): ServiceArch {
  return board === 'arm64-usr' ? 'arm64' : 'amd64';
}

/** The group that a machine asks for: by a group's own id, or by track and arch. */
export function findGroup(app: OmahaApp, groups: readonly ServiceGroup[]): ServiceGroup | null {
  if (app.id !== flatcarAppId) return null;
  const wanted = app.track.toLowerCase();
  const track = tracksOfIds[wanted] ?? app.track;
  const arch = archOf(app.board);
  return (
    groups.find((group) => group.track === track && group.arch === arch) ??
    groups.find((group) => group.id === wanted) ??
    null
  );
}
