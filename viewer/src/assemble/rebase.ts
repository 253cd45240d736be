/** The published viewer is built for the root of a server. This makes it what a build with another PUBLIC_URL gives. */

/** Where the build has written the root of the server, by kind of file. */
const places: { file: RegExp; root: RegExp; atLeastOnce: boolean }[] = [
  { file: /^index\.html$/, root: /(?<=\b(?:href|src|content|PUBLIC_URL)=")\/(?!\/)/g, atLeastOnce: true },
  { file: /^app\.bundle\.[0-9a-f]+\.js$/, root: /(?<=__webpack_require__\.p = ")\/(?=")/g, atLeastOnce: true },
  { file: /\.bundle\.[0-9a-f]+\.js$/, root: /(?<=__webpack_require__\.p = ")\/(?=")/g, atLeastOnce: false },
  { file: /\.css$/, root: /(?<=url\()\/(?!\/)/g, atLeastOnce: false },
  { file: /^manifest\.json$/, root: /(?<="(?:src|start_url|scope)": ")\/(?!\/)/g, atLeastOnce: false },
];
const microscopy = /(?<=browserImportFunction\(')\/(?=dicom-microscopy-viewer\/)/g;

/** @throws Error for a path that does not start and end with a slash */
export function parseBase(base: string): string {
  if (/^\/(?:[\w.~-]+\/)*$/.test(base)) return base;
  throw new Error(`"${base}" is no path to serve under: it starts and ends with a slash, e.g. /viewer/.`);
}

/**
 * @param path relative to the viewer's root
 * @returns the text under the new base; undefined when nothing in the file names the root
 * @throws Error when the file of a new version names it in another way
 */
export function rebased(path: string, text: string, base: string): string | undefined {
  const place = places.find(({ file }) => file.test(path));
  if (!place) return undefined;
  const result = text.replace(place.root, base).replace(microscopy, base);
  if (result !== text) return result;
  if (place.atLeastOnce) throw new Error(`OHIF's ${path} has changed: it does not name the root where it used to.`);
  return undefined;
}

/** Whether {@link rebased} wants to see the file. */
export const mayNameRoot = (path: string): boolean => places.some(({ file }) => file.test(path));
