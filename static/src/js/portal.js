// What every page needs. Charts and searchable selects are fetched only by pages that have them.
import htmx from "htmx.org/dist/htmx.esm.js";
import { bindAll } from "./bind.js";
import "./menus.js";
import "./frame.js";
import "./overlays.js";
import "./forms.js";
import "./code.js";
import "./password.js";
import "./ticks.js";
import "./tree.js";
import "./toasts.js";
import "./segments.js";
import "./lazy.js";
import "./swaps.js";

window.htmx = htmx;

function start() {
  document.documentElement.classList.add("pc-js");
  bindAll(document.body);
}

document.addEventListener("htmx:load", (event) => bindAll(event.detail.elt));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
