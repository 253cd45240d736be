import { join, resolve } from 'node:path';

/** The repository's root folder. */
export const repositoryRoot = resolve(__dirname, '../..');
/** The assembled viewer, ready to be served. */
export const viewerDist = join(repositoryRoot, 'viewer/dist');
/** Where `npm start` keeps what the viewer stores and the generated demo study. */
export const cacheFolder = join(repositoryRoot, '.cache');
