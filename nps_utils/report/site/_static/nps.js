// Tables are sorted by a click on a header. Nothing is fetched; without this script every table reads as it stands.
// A table and its folded rest are one table: sorting deals the rows out over both, the first ones to the open part.
(function () {
  "use strict";

  function value(text) {
    var plain = text.trim().replace(/,/g, "").replace(/\u2212/g, "-");
    if (plain === "" || plain === "–") return null;
    var found = /^[<>]?\s*([+-]?\d+(?:\.\d+)?)(?:\s*%)?(?: to .*)?$/.exec(plain);
    return found ? (plain[0] === "<" ? Number(found[1]) / 2 : Number(found[1])) : text.trim();
  }

  function order(one, other) {
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), undefined, { numeric: true });
  }

  function sort(tables, column, down) {
    var bodies = tables.map(function (table) { return table.tBodies[0]; });
    var sizes = bodies.map(function (body) { return body.rows.length; });
    var rows = [];
    bodies.forEach(function (body) { rows = rows.concat(Array.from(body.rows)); });
    var keyed = rows.map(function (row, place) { return [value(row.cells[column].textContent), place, row]; });
    keyed.sort(function (a, b) {
      if (a[0] === null || b[0] === null) return order(a[0], b[0]) || a[1] - b[1];
      return (down ? -1 : 1) * order(a[0], b[0]) || a[1] - b[1];
    });
    var next = 0;
    bodies.forEach(function (body, i) {
      for (var n = 0; n < sizes[i]; n += 1, next += 1) body.appendChild(keyed[next][2]);
    });
  }

  function prepare(box) {
    var tables = Array.from(box.querySelectorAll("table.nps")).filter(function (table) {
      return table.tHead && table.tBodies.length === 1;
    });
    var rows = tables.reduce(function (sum, table) { return sum + table.tBodies[0].rows.length; }, 0);
    if (rows < 3) return;
    tables.forEach(function (table) {
      Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
        if (!head.textContent.trim()) return;
        var button = document.createElement("button");
        button.type = "button";
        while (head.firstChild) button.appendChild(head.firstChild);
        head.appendChild(button);
        button.addEventListener("click", function () {
          var down = head.getAttribute("aria-sort") === "ascending";
          sort(tables, column, down);
          tables.forEach(function (each) {
            Array.from(each.tHead.rows[0].cells).forEach(function (other, i) {
              if (i === column) other.setAttribute("aria-sort", down ? "descending" : "ascending");
              else other.removeAttribute("aria-sort");
            });
          });
        });
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".nps-table").forEach(prepare);
  });
  // On paper nothing is folded.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll(".nps-table details:not([open])"));
    folded.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (details) { details.open = false; });
  });
})();
