/** Lets the browser paint between two pieces of long work. */
export function nextFrame(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
