// Tom Select for long lists that the server searches; the plain <select> stays without JavaScript.
import TomSelect from "tom-select";

function enhance(select) {
  const address = select.dataset.pcSelect;
  const remote = {
    load(query, done) {
      fetch(`${address}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then((found) => done(found.results))
        .catch(() => done());
    },
  };
  // The select itself is hidden, yet screen readers may still find it.
  select.setAttribute("aria-label", select.labels[0]?.textContent.trim() ?? select.name);
  new TomSelect(select, {
    maxOptions: 100,
    valueField: "value",
    labelField: "label",
    searchField: "label",
    ...(address ? remote : { valueField: "value", labelField: "text", searchField: "text" }),
  });
}

window.pcSelect = { enhance };
