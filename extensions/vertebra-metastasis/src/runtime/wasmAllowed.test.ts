import { requireWasm } from './wasmAllowed';

const real = globalThis.WebAssembly;
const set = (value: unknown) =>
  Object.defineProperty(globalThis, 'WebAssembly', { value, configurable: true, writable: true });
afterEach(() => set(real));

test('WebAssembly that compiles is allowed', () => expect(requireWasm).not.toThrow());

test('a content security policy without wasm-unsafe-eval, and a browser without WebAssembly, are told apart', () => {
  set({
    Module: class {
      constructor() {
        throw new real.CompileError("violates the following Content Security policy directive: script-src 'self'");
      }
    },
  });
  expect(requireWasm).toThrow(/content security policy .*'wasm-unsafe-eval'/);
  set(undefined);
  expect(requireWasm).toThrow(/browser's security settings/);
});
