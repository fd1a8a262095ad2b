// Charts and searchable selects weigh more than all else: their file is fetched when one appears.
import { bind } from "./bind.js";

const fetched = new Map();

function fetchOnce(name) {
  if (!fetched.has(name)) {
    const address = document.querySelector(`meta[name="pc-${name}"]`).content;
    fetched.set(name, new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
      document.head.append(script);
    }));
  }
  return fetched.get(name);
}

function styleOnce(name) {
  if (document.querySelector(`link[data-pc-style="${name}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = document.querySelector(`meta[name="pc-${name}-css"]`).content;
  link.dataset.pcStyle = name;
  document.head.append(link);
}

bind("data-pc-chart", async (box) => {
  await fetchOnce("charts");
  window.pcCharts.draw(box);
});

bind("data-pc-select", async (select) => {
  styleOnce("select");
  await fetchOnce("select");
  window.pcSelect.enhance(select);
});
