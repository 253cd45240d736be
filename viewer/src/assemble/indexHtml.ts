/** One edit of the host's page: what must be there exactly once, and what it becomes. */
interface Edit {
  what: string;
  find: string;
  replace: string;
}

/** What the demo's app-config.js relies on. */
const DEMO_SCRIPTS = ['viewer-settings.js', 'worklist-preview.js'];

/** @param scripts loaded before app-config.js, relative to the viewer's root */
export function patchIndexHtml(html: string, scripts: readonly string[] = DEMO_SCRIPTS): string {
  const configScript = '<script rel="preload" as="script" src="/app-config.js"></script>';
  const edits: Edit[] = [
    {
      what: 'the app-config.js script',
      find: configScript,
      replace: scripts.map(file => `<script src="/${file}"></script>`).join('') + configScript,
    },
    {
      // The service worker would serve yesterday's plugins from its cache.
      what: 'the service worker script',
      find: '<script rel="preload" as="script" type="module" src="/init-service-worker.js"></script>',
      replace: '',
    },
  ];
  return edits.reduce(edited, html);
}

/** @throws Error naming the place in the host's page that is not as expected. */
function edited(page: string, { what, find, replace }: Edit): string {
  const parts = page.split(find);
  if (parts.length !== 2) {
    throw new Error(`OHIF's index.html has changed: ${what} found ${parts.length - 1} times, expected once.`);
  }
  return parts.join(replace);
}
