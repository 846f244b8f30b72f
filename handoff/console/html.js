// The one door to the vendored libraries: everything else imports from here.
import { createContext, h, render } from "./vendor/preact.js";
import {
  useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
export {
  createContext, render,
  useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
};
