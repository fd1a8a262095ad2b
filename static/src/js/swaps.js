// What HTMX answers mean for the page around them.
import { announce } from "./bind.js";

// A whole page in answer to a fragment request (signed out meanwhile, or a plain redirect): go there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (target === document.body || !/^\s*<!doctype html/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  if (xhr.status < 400) window.location.assign(xhr.responseURL);
  else showWhole(xhr.responseText);
});

/** An error page replaces what is shown; its address stays. */
function showWhole(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.title = page.title;
  document.querySelector("main h1")?.focus();
}

document.addEventListener("htmx:sendError", () => {
  const words = document.body.dataset.pcOffline;
  announce(words);
  const note = document.getElementById("pc-offline");
  if (note) note.hidden = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const note = document.getElementById("pc-offline");
  if (event.detail.successful && note) note.hidden = true;
});

// Result counts are announced: the swapped part carries them in data-pc-announce.
document.addEventListener("htmx:afterSettle", (event) => {
  const words = event.detail.elt.querySelector?.("[data-pc-announce]")?.dataset.pcAnnounce;
  if (words) announce(words);
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="pc-csrf"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
