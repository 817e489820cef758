// Counts every call from wasm to JavaScript. Imported before the Worker, whose module makes its
// instance while it loads.
export const calls = { total: 0, byName: {} };

const counted = (name, imported) =>
  typeof imported !== "function"
    ? imported
    : function (...args) {
        calls.total += 1;
        calls.byName[name] = (calls.byName[name] ?? 0) + 1;
        return imported.apply(this, args);
      };

const Original = WebAssembly.Instance;
WebAssembly.Instance = class extends Original {
  constructor(module, imports) {
    const counting = {};
    for (const [space, members] of Object.entries(imports)) {
      counting[space] = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, counted(name, member)]));
    }
    super(module, counting);
  }
};
