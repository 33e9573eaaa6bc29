// The numbers of a point are shown when it is pointed at, tapped or reached by the keyboard. Nothing is fetched; without
// this script the picture stands alone, and its text says the same. One stop of the tabulator a picture; arrows go on.
(function () {
  "use strict";

  function pictureBefore(list) {
    var before = null;
    document.querySelectorAll("article img").forEach(function (image) {
      if (image.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING) before = image;
    });
    return before;
  }

  function point(item, pad) {
    var at = item.dataset.at.split(" ").map(Number);
    var made = document.createElement("span"), told = document.createElement("span");
    made.className = "nps-point" + (at[1] < 30 ? " nps-below" : "");
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", item.textContent);
    made.tabIndex = -1;
    made.style.left = "calc(" + pad + "px + (100% - " + 2 * pad + "px) * " + at[0] / 100 + ")";
    made.style.top = "calc(" + pad + "px + (100% - " + 2 * pad + "px) * " + at[1] / 100 + ")";
    told.textContent = item.textContent;
    told.style.transform = "translateX(-" + at[0] + "%)";  // it ends where the picture ends, on either side
    made.appendChild(told);
    return made;
  }

  function prepare(list) {
    var image = pictureBefore(list);
    if (!image) return;
    var pad = parseFloat(getComputedStyle(image).paddingLeft) || 0;
    var frame = document.createElement("span");
    frame.className = "nps-picture";
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", list.getAttribute("aria-label"));
    image.parentNode.insertBefore(frame, image);
    frame.appendChild(image);
    var points = Array.from(list.children).map(function (item) { return point(item, pad); });
    points.forEach(function (one) { frame.appendChild(one); });
    points[0].tabIndex = 0;
    var holder = list.parentNode;
    list.remove();
    if (!holder.children.length && holder.tagName === "DIV") holder.remove();

    function go(from, to) {
      if (!points[to]) return;
      points[from].tabIndex = -1;
      points[to].tabIndex = 0;
      points[to].focus();
    }
    frame.addEventListener("keydown", function (event) {
      var at = points.indexOf(document.activeElement);
      var to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: points.length - 1 };
      if (event.key === "Escape") frame.classList.add("nps-quiet");
      if (at < 0 || !(event.key in to)) return;
      event.preventDefault();
      frame.classList.remove("nps-quiet");
      go(at, to[event.key]);
    });
    frame.addEventListener("focusin", function (event) {
      var at = points.indexOf(event.target);
      points.forEach(function (one, i) { one.tabIndex = i === Math.max(at, 0) ? 0 : -1; });
    });
    frame.addEventListener("focusout", function () { frame.classList.remove("nps-quiet"); });
    frame.addEventListener("mouseleave", function () { frame.classList.remove("nps-quiet"); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".nps-points").forEach(prepare);
  });
  // What the pointer rests on can be silenced too.
  document.addEventListener("keydown", function (event) {
    var frame = event.key === "Escape" && document.querySelector(".nps-picture:hover");
    if (frame) frame.classList.add("nps-quiet");
  });
})();
