/** The scheme of the built window; there is no file:// in the app. */
export const contentScheme = 'app';

/** Where the window lives. */
export const contentOrigin = `${contentScheme}://quarterdeck`;

/** True for addresses of our own window, and for nothing that only looks like one. */
export function isContent(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${contentScheme}:` && url.host === 'quarterdeck' && url.username === '' && url.port === '';
}

/** What Electron must be told about the scheme before it is ready. */
export const contentSchemePrivileges = {
  scheme: contentScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};
