// Quotes are filtered by what they are about and whose they are. Nothing is fetched; without this script they are a
// plain list. Texts are read as text and written as text, so that nothing somebody wrote becomes markup.
(function () {
  "use strict";
  var FIRST = 6, MORE = 20;

  function element(name, text) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function parts(item) {
    var found = Object.create(null);
    item.querySelectorAll("[data-part]").forEach(function (part) { found[part.dataset.part] = part.textContent; });
    return found;
  }

  // What there is to choose of a part, commonest first; a part that all quotes share, or none has, is no choice.
  function choices(told, name) {
    var counts = new Map();
    told.forEach(function (one) {
      if (one[name] !== undefined) counts.set(one[name], (counts.get(one[name]) || 0) + 1);
    });
    return counts.size > 1 ? Array.from(counts.keys()).sort(function (a, b) {
      return a.localeCompare(b, undefined, { numeric: true });
    }) : [];
  }

  function prepare(box) {
    var items = Array.from(box.querySelectorAll("li"));
    var told = items.map(parts);
    var names = Array.from(new Set(told.flatMap(Object.keys)));
    var list = box.querySelector("ul"), folded = box.querySelector("details");
    if (items.length < 2) return;
    items.forEach(function (item) { list.appendChild(item); });
    if (folded) folded.remove();

    var shown = FIRST, wanted = {};
    var status = element("p"), more = element("button"), group = element("div");
    status.setAttribute("role", "status");
    more.type = "button";
    more.className = "nps-more";
    group.className = "nps-choices";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Which quotes to show");

    function show() {
      var matching = items.filter(function (item, i) {
        return Object.keys(wanted).every(function (name) { return told[i][name] === wanted[name]; });
      });
      items.forEach(function (item) { item.hidden = true; });
      matching.slice(0, shown).forEach(function (item) { item.hidden = false; });
      var left = matching.length - shown;
      more.hidden = left <= 0;
      more.textContent = "Show " + Math.min(left, MORE) + " more";
      status.textContent = matching.length === items.length
        ? items.length + " quotes; choose above which to read."
        : matching.length === 0
          ? "None of " + items.length + " quotes is of all that was chosen."
          : matching.length + " of " + items.length + " quotes.";
      return matching;
    }

    names.forEach(function (name) {
      var values = choices(told, name);
      if (!values.length) return;
      var label = element("label", name), select = element("select");
      select.appendChild(new Option("all", ""));
      values.forEach(function (value, i) { select.appendChild(new Option(value, String(i + 1))); });
      select.addEventListener("change", function () {
        if (select.value === "") delete wanted[name];
        else wanted[name] = values[Number(select.value) - 1];
        shown = FIRST;
        show();
      });
      label.appendChild(select);
      group.appendChild(label);
    });
    more.addEventListener("click", function () {
      var before = shown, matching;
      shown += MORE;
      matching = show();
      matching[before].tabIndex = -1;  // the keyboard goes on with the first of the new ones
      matching[before].focus();
    });
    if (group.childNodes.length) box.insertBefore(group, list);
    box.insertBefore(status, list);
    box.appendChild(more);
    show();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".nps-quotes").forEach(prepare);
  });
})();
