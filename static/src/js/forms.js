// Small helps in forms: counters, password eye, suggestions, filters that apply at once, copying.
import { announce, bind } from "./bind.js";

bind("data-pc-counter", (counter) => {
  const field = document.getElementById(counter.dataset.pcCounter);
  if (!field) return;
  const most = Number(field.getAttribute("maxlength"));
  const show = () => {
    const used = [...field.value].length;
    counter.textContent = `${used}/${most}`;
    counter.classList.toggle("pc-counter-over", used > most);
  };
  field.addEventListener("input", show);
  show();
});

// A number between two bounds also gets a slider; the number field stays what is sent.
bind("data-pc-slider", (field) => {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "form-range";
  for (const name of ["min", "max", "step"]) slider.setAttribute(name, field.getAttribute(name));
  slider.setAttribute("aria-hidden", "true");
  slider.tabIndex = -1;
  slider.value = field.value;
  slider.addEventListener("input", () => {
    field.value = slider.value;
  });
  field.addEventListener("input", () => {
    slider.value = field.value;
  });
  field.after(slider);
});

bind("data-pc-password-eye", (button) => {
  const field = document.getElementById(button.dataset.pcPasswordEye);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-off"));
  });
});

bind("data-pc-suggest", (chip) => {
  chip.addEventListener("click", () => {
    const field = document.getElementById(chip.dataset.pcSuggest);
    field.value = chip.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
});

// The Apply button stays for readers without JavaScript; with it, a choice applies itself.
bind("data-pc-autosubmit", (element) => {
  const form = element.form ?? element;
  form.querySelector("[data-pc-apply]")?.setAttribute("hidden", "");
  element.addEventListener("change", () => form.requestSubmit());
});

bind("data-pc-copy", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.pcCopy);
    announce(button.dataset.pcCopied);
  });
});

bind("data-pc-print", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A form is sent once: the second click of a double click is swallowed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.pcSent) event.preventDefault();
  form.dataset.pcSent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-pc-sent]")) delete form.dataset.pcSent;
});

bind("data-pc-error-summary", (summary) => summary.focus());

bind("data-pc-countdown", (words) => {
  const button = document.getElementById(words.dataset.pcFor);
  let left = Number(words.dataset.pcCountdown);
  const tick = () => {
    words.textContent = words.dataset.pcWords.replace("%s", String(left));
    const done = left <= 0 || !words.isConnected;
    if (button) button.hidden = !done;
    words.hidden = done;
    if (done) clearInterval(timer);
    left -= 1;
  };
  const timer = setInterval(tick, 1000);
  tick();
});

// A field that counts with certain choices of others only, "name=value" or several of them, is shown
// with one of those; not with a choice that is hidden itself.
bind("data-pc-when", (control) => {
  const pairs = control.dataset.pcWhen.split(" ").map((pair) => pair.split("="));
  const field = control.closest(".pc-field");
  const show = () => {
    field.hidden = !pairs.some(([name, value]) => {
      const choice = control.form.querySelector(`[name="${name}"][value="${value}"]`);
      return choice.checked && !choice.closest(".pc-field")?.hidden;
    });
  };
  control.form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
});

// Words that hold for one choice only, "name=value", stand there with that choice; the server shows
// those of the present one. They may stand outside the form, in the head of its page.
bind("data-pc-with", (words) => {
  const [name, value] = words.dataset.pcWith.split("=");
  const near = words.closest("form") ?? document;
  const show = () => {
    words.hidden = !near.querySelector(`[name="${name}"][value="${value}"]`)?.checked;
  };
  near.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
});

// A button that needs a tick stays disabled until it is set; the server refuses it anyway.
bind("data-pc-needs", (button) => {
  const tick = document.getElementById(button.dataset.pcNeeds);
  if (!tick) return;
  const show = () => {
    button.disabled = !tick.checked;
  };
  tick.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
});
