/** Says on the page that the mode is missing, and why: without it the viewer would simply not offer the mode. */

const ID = 'spine-oncology-unavailable';
const texts = {
  en: { title: 'Spine Oncology is not available.', close: 'Close' },
  de: { title: 'Spine Oncology steht nicht zur Verfügung.', close: 'Schließen' },
};

/** @param reason a sentence or two: what is wrong and what to do, for whoever looks after the viewer */
export function tellUnavailable(reason: string): void {
  console.error(`Spine Oncology is not available: ${reason}`);
  if (document.body) show(reason);
  else document.addEventListener('DOMContentLoaded', () => show(reason), { once: true });
}

function show(reason: string): void {
  const notice = document.getElementById(ID) ?? emptyNotice();
  const said = [...notice.querySelectorAll('p')].map(({ textContent }) => textContent);
  if (!said.includes(reason)) notice.append(Object.assign(document.createElement('p'), { textContent: reason }));
}

function emptyNotice(): HTMLElement {
  const { title, close } = navigator.language.startsWith('de') ? texts.de : texts.en;
  const notice = Object.assign(document.createElement('aside'), { id: ID });
  notice.setAttribute('role', 'alert');
  // Through the object model, as a content security policy may forbid style attributes.
  Object.assign(notice.style, {
    position: 'fixed',
    right: '12px',
    bottom: '12px',
    zIndex: '10000',
    maxWidth: '440px',
    maxHeight: '50vh',
    overflow: 'auto',
    padding: '10px 14px',
    borderRadius: '6px',
    border: '1px solid #f59e0b',
    background: '#1f1a10',
    color: '#fff',
    font: '14px/1.4 sans-serif',
    overflowWrap: 'anywhere',
  });
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: '\u2715' });
  button.setAttribute('aria-label', close);
  Object.assign(button.style, { float: 'right', margin: '0 0 6px 12px', padding: '0 6px', color: 'inherit' });
  button.addEventListener('click', () => notice.remove());
  notice.append(button, Object.assign(document.createElement('strong'), { textContent: title }));
  document.body.append(notice);
  return notice;
}
