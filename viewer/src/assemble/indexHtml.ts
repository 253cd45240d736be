/** Each edit of the host's page: what must be there exactly once, and what it becomes. */
const edits: { what: string; find: string; replace: string }[] = [
  {
    // A mode names its extensions; the host re-imports each by bare name, which only works for the ones it was built with.
    what: 'browserImportFunction',
    find: 'function browserImportFunction(n){return import(n)}',
    replace:
      'window.runtimePlugins={};function browserImportFunction(n){const p=window.runtimePlugins[n];return p?Promise.resolve({default:p}):import(n)}',
  },
  {
    what: 'the app-config.js script',
    find: '<script rel="preload" as="script" src="/app-config.js"></script>',
    replace: [
      'plugins/host-modules.js',
      'plugins/host-globals.js',
      'viewer-plugins.js',
      'viewer-settings.js',
      'worklist-preview.js',
      'app-config.js',
    ]
      .map(file => `<script src="/${file}"></script>`)
      .join(''),
  },
  {
    // The service worker would serve yesterday's plugins from its cache.
    what: 'the service worker script',
    find: '<script rel="preload" as="script" type="module" src="/init-service-worker.js"></script>',
    replace: '',
  },
];

/** @throws Error naming the place in the host's page that is not as expected. */
export function patchIndexHtml(html: string): string {
  return edits.reduce((page, { what, find, replace }) => {
    const parts = page.split(find);
    if (parts.length !== 2) {
      throw new Error(`OHIF's index.html has changed: ${what} found ${parts.length - 1} times, expected once.`);
    }
    return parts.join(replace);
  }, html);
}
