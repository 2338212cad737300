// The cells of the grid of a round: what stands in them, how words and amounts are read, and moving among them.
window.eplan = window.eplan || {};
window.eplan.cells = (() => {
  const COLUMNS = ["ordinance_budget", "disbursed", "in_ordinance", "status", "reason", "other_reason", "remark"];
  const YES = /^(ใช่|มี|บรรจุ|ได้บรรจุ|✓|✔|1|x|true|yes|y)/i;
  const NO = /^(ไม่|0|-|false|no|n|$)/i;

  const rowOf = (field) => field.closest("[data-row]");
  const nameOf = (field) => (field.name || "").replace(/^\d+-/, "");
  const cell = (row, column) => row.querySelector(`[name="${row.dataset.row}-${column}"]`);
  const cellsOf = (row) => COLUMNS.map((column) => cell(row, column)).filter(Boolean);
  const isTick = (field) => field.type === "checkbox";
  const asked = (row) => Array.from(row.querySelectorAll(".note-asked input"));
  const held = (row) => JSON.stringify(cellsOf(row).map((field) => (isTick(field) ? field.checked : field.value)));

  // What the server sent: browsers put back what was typed before a reload or after "back" without telling anyone.
  const wasSent = (row) =>
    JSON.stringify(
      cellsOf(row).map((field) => {
        if (isTick(field)) return field.defaultChecked;
        if (field.tagName !== "SELECT") return field.defaultValue;
        return (Array.from(field.options).find((option) => option.defaultSelected) || field.options[0]).value;
      }),
    );

  const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit)).replace(/[０-９]/g, (digit) => "０１２３４５６７８９".indexOf(digit));
  // In satang, so that sums are exact; 0 for what is no amount.
  const satang = (text) => {
    const plain = arabic(text).replace(/บาท$/, "").replace(/[\s,]/g, "");
    if (!/^\d{1,13}(\.\d{0,2})?$/.test(plain)) return 0;
    const [whole, part = ""] = plain.split(".");
    return Number(whole) * 100 + Number(part.padEnd(2, "0"));
  };
  const inBaht = (amount) => {
    const whole = Math.floor(amount / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    return amount % 100 ? `${whole}.${String(amount % 100).padStart(2, "0")}` : whole;
  };

  // What Excel and its like copy: tabs and lines, cells with a line break in quotation marks.
  const block = (text) => {
    const rows = [[""]];
    let quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < source.length; at += 1) {
      const [sign, line] = [source[at], rows[rows.length - 1]];
      const last = line.length - 1;
      if (quoted && sign === '"' && source[at + 1] === '"') {
        line[last] += '"';
        at += 1;
      } else if (quoted && sign === '"') quoted = false;
      else if (!quoted && sign === '"' && line[last] === "") quoted = true;
      else if (!quoted && sign === "\t") line.push("");
      else if (!quoted && sign === "\n") rows.push([""]);
      else line[last] += sign;
    }
    return rows;
  };

  const squeezed = (text) => text.replace(/[\s​]/g, "").toLowerCase();
  const optionFor = (field, words) => {
    const options = Array.from(field.options);
    const wanted = squeezed(words);
    if (!wanted) return options.find((option) => !option.value);
    const exact = options.find((option) => squeezed(option.text) === wanted || squeezed(option.value) === wanted);
    const near = options.filter((option) => option.value && wanted.length > 3 && squeezed(option.text).includes(wanted));
    return exact || (near.length === 1 ? near[0] : undefined);
  };

  // Put `words` into a field as if typed; false where they can't be understood, and then nothing is changed.
  const put = (field, words) => {
    const text = words.trim();
    if (isTick(field)) {
      if (!YES.test(text) && !NO.test(text)) return false;
      field.checked = YES.test(text);
    } else if (field.tagName === "SELECT") {
      const option = optionFor(field, text);
      if (!option) return false;
      field.value = option.value;
    } else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (field.dataset.money !== undefined) field.dispatchEvent(new Event("blur"));
    return true;
  };

  // The values that the server holds, by column, into the row.
  const show = (row, values) =>
    cellsOf(row).forEach((field) => {
      const value = values[nameOf(field)];
      if (isTick(field)) field.checked = Boolean(value);
      else field.value = value === null || value === undefined ? "" : value;
    });

  // What stands now is what is saved: the page counts as untouched again (typing.js reads the same defaults).
  const settle = (row) =>
    cellsOf(row).forEach((field) => {
      if (isTick(field)) field.defaultChecked = field.checked;
      else if (field.tagName === "SELECT") Array.from(field.options).forEach((option) => (option.defaultSelected = option.selected));
      else field.defaultValue = field.value;
    });

  // The reason belongs to one status, its text to one reason; elsewhere both are out of reach, and not sent.
  const gate = (row) => {
    const [status, reason, other] = ["status", "reason", "other_reason"].map((column) => cell(row, column));
    reason.disabled = status.value !== "NOT_FEASIBLE" && !reason.classList.contains("is-invalid");
    other.disabled = reason.disabled || (reason.value !== "OTHER" && !other.classList.contains("is-invalid"));
  };

  const enter = (field) => {
    field.focus();
    if (field.select) field.select();
  };
  const sideways = (field, step) => {
    const row = rowOf(field);
    const open = cellsOf(row).filter((each) => !each.disabled);
    const next = open[open.indexOf(field) + step];
    if (next) enter(next);
  };
  const upDown = (field, step) => {
    const rows = Array.from(field.form.querySelectorAll("[data-row]"));
    for (let at = rows.indexOf(rowOf(field)) + step; rows[at]; at += step) {
      const next = cell(rows[at], nameOf(field));
      if (next && !next.disabled) return enter(next);
    }
    return undefined;
  };

  // Whether the caret stands at that end of the text, or all of it is chosen: then an arrow leaves the field.
  const atEnd = (field, step) => {
    if (isTick(field) || field.tagName === "SELECT") return true;
    const { selectionStart: from, selectionEnd: to, value } = field;
    if (from !== to) return from === 0 && to === value.length;
    return step < 0 ? from === 0 : from === value.length;
  };

  let unfolded = null; // the list that is open now, whose arrows are its own
  const onKey = (event) => {
    const field = event.target;
    if (!rowOf(field) || !COLUMNS.includes(nameOf(field)) || event.isComposing) return;
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (field.tagName === "SELECT") {
      if (key === " " || key === "F4" || (altKey && key.startsWith("Arrow"))) unfolded = field;
      else if (unfolded === field) {
        if (["Escape", "Enter", "Tab"].includes(key)) unfolded = null;
        return;
      }
    }
    if (key === "Enter" && altKey && field.tagName === "TEXTAREA") {
      field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end"); // as in Excel: a line within the cell
      field.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
      return;
    }
    if (altKey || ctrlKey || metaKey) return;
    if (field.tagName === "SELECT" && /^[0-9๐-๙]$/.test(key)) {
      const option = field.options[Number(arabic(key))];
      if (option) put(field, option.value);
      return;
    }
    const isText = field.tagName === "TEXTAREA";
    const move = {
      Enter: () => upDown(field, shiftKey ? -1 : 1),
      ArrowDown: () => (!isText || atEnd(field, 1)) && [upDown(field, 1)],
      ArrowUp: () => (!isText || atEnd(field, -1)) && [upDown(field, -1)],
      ArrowRight: () => !shiftKey && atEnd(field, 1) && [sideways(field, 1)],
      ArrowLeft: () => !shiftKey && atEnd(field, -1) && [sideways(field, -1)],
    }[key];
    if (move && move() !== false) event.preventDefault();
  };
  const watch = (form) => {
    form.addEventListener("keydown", onKey);
    form.addEventListener("mousedown", (event) => {
      unfolded = event.target.tagName === "SELECT" && unfolded !== event.target ? event.target : null;
    });
    ["change", "focusout"].forEach((name) => form.addEventListener(name, () => (unfolded = null)));
  };

  return { COLUMNS, rowOf, nameOf, cell, cellsOf, asked, held, wasSent, satang, inBaht, block, put, show, settle, gate, upDown, watch };
})();
