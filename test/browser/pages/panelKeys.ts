/** Which keys reach the viewer while something in the panel has the focus. */
import type { Page } from 'playwright-core';

interface HostWindow {
  commandsManager: { runCommand(name: string, ...rest: unknown[]): unknown };
  spineCommands?: string[];
}

/** From now on commands of hotkeys are noted, and not carried out, so that the panel stays as it is; or carried out again. */
export function recordCommands(page: Page, recording: boolean): Promise<void> {
  return page.evaluate(on => {
    const host = window as unknown as HostWindow;
    const { commandsManager } = host;
    if (!on) {
      // The prototype has the real one.
      delete (commandsManager as Partial<typeof commandsManager>).runCommand;
      return;
    }
    host.spineCommands = [];
    commandsManager.runCommand = name => host.spineCommands!.push(name);
  }, recording);
}

/** What was noted since it was asked last. */
export function hostCommands(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as HostWindow).spineCommands!.splice(0));
}

/**
 * Gives every element of the panel that can have it the focus, and presses keys there: events made in the page, as thousands of real ones take
 * minutes.
 * @returns per element its name and the commands that the host ran
 */
export function pressEverywhere(
  page: Page,
  keys: readonly string[]
): Promise<{ readonly name: string; readonly heard: readonly string[] }[]> {
  return page.evaluate(letters => {
    const { spineCommands } = window as unknown as HostWindow;
    const root = document.querySelector('[data-cy="vertebra-metastasis-panel"]')!;
    const all = root.querySelectorAll<HTMLElement>('button, input, select, textarea, a[href], summary, [tabindex]');
    const usable = [...all].filter(
      one => one.checkVisibility({ visibilityProperty: true }) && !(one as HTMLButtonElement).disabled
    );
    return usable.map(element => {
      const place = element.closest('[data-cy]')!.getAttribute('data-cy')!;
      element.focus();
      const name = `${place} ${element.tagName.toLowerCase()} ${element.getAttribute('role') ?? ''}`;
      if (document.activeElement !== element) return { name, heard: ['no focus'] };
      for (const letter of letters) {
        const code = letter.charCodeAt(0);
        const press = { key: letter, code: `Key${letter}`, shiftKey: true, bubbles: true, cancelable: true };
        const event = new KeyboardEvent('keydown', press);
        Object.defineProperties(event, { keyCode: { value: code }, which: { value: code } });
        element.dispatchEvent(event);
      }
      return { name, heard: spineCommands!.splice(0) };
    });
  }, keys);
}
