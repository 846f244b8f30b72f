// One state, changed only by a pure reducer, and a hook that renders again only when
// what a component selects has changed.
import { createContext, useContext, useLayoutEffect, useReducer, useRef } from "./html.js";

export function createStore(reduce, state) {
  const listeners = new Set();
  return {
    get state() { return state; },
    send(event) {
      const before = state;
      state = reduce(state, event);
      if (state !== before) for (const listen of [...listeners]) listen(state, before, event);
    },
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}

/** What main.js put together: {store, act, t, …}. */
export const App = createContext(null);
export const useApp = () => useContext(App);

/** `select(state)`, kept while its parts are the same objects. */
export function useSelected(select) {
  const { store } = useApp();
  const [, again] = useReducer((count) => count + 1, 0);
  const held = useRef({});
  const value = select(store.state);
  if (!same(held.current.value, value)) held.current.value = value;
  held.current.select = select;
  useLayoutEffect(() => store.subscribe((state) => {
    if (!same(held.current.value, held.current.select(state))) again();
  }), [store]);
  return held.current.value;
}

/** Equal by identity, or plain arrays and objects whose parts are. */
export function same(left, right) {
  if (Object.is(left, right)) return true;
  if (!plain(left) || !plain(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length
    && keys.every((key) => Object.is(left[key], right[key]));
}

const plain = (value) => value !== null && typeof value === "object";
