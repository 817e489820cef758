// Code that traps where a test says: the instance's `count`-th look at the clock becomes a trap, a real one
// of a real WebAssembly instruction in the middle of the Worker's own, which is what a panic is. Imported
// before the Worker, whose instance is made while it loads.
import module from "./trap.wasm";

const { trap } = new WebAssembly.Instance(module).exports;
let left = 0;
let how = null;

/** Lets the `count`-th look at the clock from now on trap, or overflow the stack. */
export const trapAt = (count, by) => ([left, how] = [count, by]);

const overflow = () => 1 + overflow();

const trapping = (imported) => (...args) => {
  left -= 1;
  if (left === 0) how === "overflow" ? overflow() : trap();
  return imported(...args);
};

const Original = WebAssembly.Instance;
WebAssembly.Instance = class extends Original {
  constructor(module, imports) {
    for (const members of Object.values(imports)) {
      for (const [name, member] of Object.entries(members)) {
        if (name.includes("__wbg_now_")) members[name] = trapping(member);
      }
    }
    super(module, imports);
  }
};
