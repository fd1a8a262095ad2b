// Toasts go after six seconds, but not while one points at or reads them.
import { announce, bind } from "./bind.js";

bind("data-pc-toast", (toast) => {
  let timer;
  const wait = () => (timer = setTimeout(() => toast.remove(), 6000));
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("focusout", wait);
  toast.querySelector("button").addEventListener("click", () => toast.remove());
  announce(toast.querySelector(".pc-toast-words").textContent.trim());
  wait();
});
