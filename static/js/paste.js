// textarea[data-paste-table]: a table on the clipboard is pasted as cells parted by tabs, with the line breaks inside of
// its cells, which its plain text loses. Without a table, or without scripts, the plain text is pasted as ever.
(() => {
  const quoted = (text) => (/["\n\t]/.test(text) ? `"${text.replace(/\t/g, " ").replace(/"/g, '""')}"` : text);

  // The text of a cell as one sees it: blocks and <br> end lines, everything else runs on.
  const textOf = (cell) => {
    for (const end of cell.querySelectorAll("br, p, div, li")) end.append("\n");
    const lines = cell.textContent.replace(/\u00a0/g, " ").replace(/[ \t\r]*\n[ \t\r]*\n?/g, "\n").split("\n");
    return lines.map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean).join("\n");
  };

  const cellsOf = (table) => {
    const rows = [...table.rows].map(() => []);
    [...table.rows].forEach((row, number) => {
      let place = 0;
      for (const cell of row.cells) {
        while (rows[number][place] !== undefined) place += 1;
        const text = textOf(cell);
        for (let down = 0; down < Math.max(1, cell.rowSpan) && number + down < rows.length; down += 1)
          for (let right = 0; right < Math.max(1, cell.colSpan); right += 1)
            rows[number + down][place + right] = down + right ? "" : text;
      }
    });
    return rows;
  };

  document.addEventListener("paste", (event) => {
    const field = event.target.closest && event.target.closest("textarea[data-paste-table]");
    const html = field && event.clipboardData.getData("text/html");
    if (!html) return;
    const tables = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("table")];
    const rows = tables.filter((table) => !table.parentElement.closest("table")).flatMap(cellsOf);
    if (!rows.length) return;
    event.preventDefault();
    const text = rows.map((row) => Array.from(row, (cell) => quoted(cell || "")).join("\t")).join("\n");
    field.setRangeText(`${text}\n`, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
