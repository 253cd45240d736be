// js-yaml has no types of its own; of it the tests read documents.
declare module 'js-yaml' {
  export function loadAll(text: string): unknown[];
}
