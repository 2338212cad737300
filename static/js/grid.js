// The grid of a round: each row is saved by itself when it is left, and says so; a block from Excel is pasted into rows
// and columns; the sums follow. Where a request fails, what was typed stays, and the whole page can still be sent.
(() => {
  const { cells, keep, sending } = window.eplan;
  const form = document.querySelector("form.grid-form");
  if (!form) return;
  const rows = Array.from(form.querySelectorAll("[data-row]"));
  const said = form.querySelector(".grid-said");
  const known = new Map(rows.map((row) => [row, cells.wasSent(row)])); // what the server knows of each row
  const held = new Set(); // rows that someone else saved meanwhile: only a press saves over them
  const unsent = new Map(); // rows whose saving met no network or no server, to be sent again; whether as at 6 months
  const REFUSED = {
    401: "หมดเวลาใช้งานแล้ว กรุณากด “บันทึกทั้งหน้า” ระบบจะให้เข้าสู่ระบบแล้วบันทึกให้",
    403: "หน้านี้เปิดค้างไว้ก่อนเข้าสู่ระบบครั้งล่าสุด กรุณากด “บันทึกทั้งหน้า”",
  };
  let busy = Promise.resolve();
  let failures = 0;
  let again;

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const isTouched = (row) => cells.held(row) !== known.get(row) || cells.asked(row).some((field) => field.value.trim());

  const say = (row, words, kind = "") => {
    const state = row.querySelector(".row-state");
    if (state.textContent !== words) state.textContent = words;
    state.className = `row-state ${kind}`.trim();
  };

  // A question that is still asked keeps its own field, with the caret and what was typed meanwhile.
  const question = (fields, [kind, words, name, label, typed]) => {
    const line = make("p", `note-${kind}`, `${words} `);
    if (!name) return line;
    const field = fields.find((each) => each.name === name) || make("input", "form-control");
    if (!field.name) Object.assign(field, { type: "text", name, value: typed });
    line.append(make("label", "note-asked", `${label} `, field));
    return line;
  };

  const note = (row, notes) => {
    const line = row.querySelector(".row-notes");
    const box = line.querySelector(".stay-notes");
    const fields = cells.asked(row);
    const caret = fields.find((field) => field === document.activeElement);
    box.replaceChildren(...notes.map((each) => question(fields, each)));
    if (caret && box.contains(caret)) caret.focus();
    line.hidden = !notes.length;
  };

  // Both values of each part that two people changed, to choose from; the names are those of the page without scripts.
  const ask = (row, { questions, taken, prefix, version, by, at }) => {
    const box = row.querySelector(".stay-notes");
    const choice = (name, value, lead, words, chosen) => {
      const radio = make("input", "form-check-input");
      const checked = chosen === value;
      Object.assign(radio, { type: "radio", name: `${prefix}choose-${name}`, value, id: `${prefix}${value}-${name}`, checked });
      const label = make("label", "form-check-label", make("strong", "", lead), ` ${words}`);
      label.htmlFor = radio.id;
      return make("div", "form-check", radio, label);
    };
    const seen = make("input", "");
    Object.assign(seen, { type: "hidden", name: `${prefix}conflict`, value: version });
    const button = make("button", "btn btn-secondary btn-sm", "บันทึกแถวนี้");
    button.type = "button";
    button.addEventListener("click", () => save([row]));
    const told = make(
      "div",
      "alert alert-warning conflict",
      make("strong", "", "แถวนี้ถูกแก้ไขไปแล้วระหว่างที่ท่านกรอก ยังไม่ได้บันทึกสิ่งที่ท่านกรอก"),
      make("p", "", `บันทึกไว้แล้วเมื่อ ${at}${by ? ` โดย ${by}` : ""} กรุณาเลือกทีละข้อว่าจะใช้ของใคร แล้วกด “บันทึกแถวนี้”`),
      ...questions.map(({ name, label, stored, typed, unanswered, chosen }) =>
        make(
          "fieldset",
          "",
          make("legend", "", unanswered ? `${label} (กรุณาเลือกข้อนี้)` : label),
          choice(name, "mine", "ของท่าน:", typed, chosen),
          choice(name, "stored", "ที่บันทึกไว้แล้ว:", stored, chosen),
        ),
      ),
      ...(taken.length ? [make("p", "", `รวมให้แล้ว เพราะท่านไม่ได้แก้: ${taken.join(", ")}`)] : []),
      seen,
      button,
    );
    told.setAttribute("role", "alert");
    box.append(told);
    row.querySelector(".row-notes").hidden = false;
  };

  const complain = (row, errors) =>
    cells.cellsOf(row).forEach((field) => {
      const told = errors[cells.nameOf(field)];
      const old = document.getElementById(`${field.id}_error`);
      if (old) old.remove();
      field.classList.toggle("is-invalid", Boolean(told));
      if (!told) {
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-describedby");
        return;
      }
      const line = make("div", "invalid-feedback", told.join(" "));
      line.id = `${field.id}_error`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", line.id);
      field.after(line);
    });

  const sum = () => {
    form.querySelectorAll("[data-sum]").forEach((place) => {
      const fields = rows.map((row) => cells.cell(row, place.dataset.sum)).filter(Boolean);
      place.textContent = cells.inBaht(fields.reduce((total, field) => total + cells.satang(field.value), 0));
    });
    form.querySelector("[data-count]").textContent = rows.filter((row) => row.dataset.reported).length;
  };

  const hear = (row, sentThen, told) => {
    let sent = sentThen;
    Object.entries(told.hidden).forEach(([name, value]) => {
      form.elements[name].value = value;
    });
    if (told.reported) row.dataset.reported = "1";
    if (told.saved) {
      // What was merged or chosen may be another's value.
      if (held.delete(row) && cells.held(row) === sent) {
        cells.show(row, told.values);
        sent = cells.held(row);
      }
      known.set(row, sent);
    } else if (told.conflict) held.add(row);
    complain(row, told.errors);
    note(row, told.notes);
    if (told.conflict) ask(row, told.conflict);
    if (told.saved && !isTouched(row)) cells.settle(row);
    if (told.saved && !isTouched(row)) say(row, `บันทึกแล้ว ${keep.clock()}`, "saved");
    else say(row, "ยังไม่ได้บันทึก", "unsaved");
    cells.gate(row);
  };

  const send = async (chosen, same) => {
    const names = new Set(["csrfmiddlewaretoken", "form_account", "form_token"]);
    const keys = chosen.map((row) => `${row.dataset.row}-`);
    const body = Array.from(new FormData(form)).filter(([name]) => names.has(name) || keys.some((key) => name.startsWith(key)));
    if (same) body.push(["same", "rest"]);
    const sent = chosen.map(cells.held);
    chosen.forEach((row) => {
      unsent.delete(row);
      say(row, "กำลังบันทึก…");
    });
    let words = "ไม่มีสัญญาณเครือข่าย จะส่งให้เองเมื่อเครือข่ายกลับมา";
    let isAway = true;
    try {
      const answer = await sending.request(form.action, body, { headers: { Accept: "application/json" }, keepalive: true });
      isAway = sending.isAway(answer, failures + 1);
      words = isAway ? "ระบบไม่ตอบชั่วคราว จะส่งให้เองเมื่อใช้ได้อีกครั้ง" : REFUSED[answer.status] || "กรุณากด “บันทึกทั้งหน้า”";
      if (answer.ok) {
        failures = 0;
        const told = await answer.json();
        chosen.forEach((row, index) => {
          if (told.rows[row.dataset.row]) hear(row, sent[index], told.rows[row.dataset.row]);
          else say(row, `ยังไม่ได้บันทึก · ${told.gone.join(" ")}`, "unsaved");
        });
        sum();
        form.dispatchEvent(new Event("change", { bubbles: true }));
        return;
      }
    } catch {
      // Said below.
    }
    chosen.forEach((row) => say(row, `ยังไม่ได้บันทึก · ${words}`, "unsaved"));
    if (!isAway) return;
    failures += 1;
    chosen.forEach((row) => unsent.set(row, same));
    clearTimeout(again);
    again = setTimeout(sendAgain, sending.AGAIN_AFTER);
  };
  // One request after the other, so that a row never overtakes itself.
  const save = (chosen, same = false) => {
    if (chosen.length) busy = busy.then(() => send(chosen, same));
    return busy;
  };
  const sendAgain = () => {
    const waiting = Array.from(unsent).filter(([row]) => !held.has(row));
    save(waiting.filter(([row, same]) => !same && isTouched(row)).map(([row]) => row));
    save(waiting.filter(([, same]) => same).map(([row]) => row), true);
  };

  const typed = (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) {
      rows.forEach(cells.gate);
      return;
    }
    cells.gate(row);
    if (isTouched(row)) say(row, "ยังไม่ได้บันทึก", "unsaved");
    sum();
  };

  const paste = (event) => {
    const first = event.target;
    const column = cells.COLUMNS.indexOf(cells.nameOf(first));
    const text = event.clipboardData.getData("text/plain");
    const isTable = /<table/i.test(event.clipboardData.getData("text/html"));
    const isOne = !text.replace(/\n$/, "").includes("\n") && !text.includes("\t");
    const isWriting = first.tagName === "TEXTAREA" && !isTable && !text.includes("\t");
    if (column < 0 || isWriting || (isOne && (first.type === "text" || first.tagName === "TEXTAREA"))) return;
    event.preventDefault();
    const lines = cells.block(text);
    const start = rows.indexOf(cells.rowOf(first));
    const met = rows.slice(start, start + lines.length);
    const refused = [];
    met.forEach((row, down) => {
      lines[down].slice(0, cells.COLUMNS.length - column).forEach((words, right) => {
        const field = cells.cell(row, cells.COLUMNS[column + right]);
        const silent = /^(-|ไม่ใช้.*)?$/.test(words.trim());
        const done = field && !(field.disabled && silent) && !field.disabled ? cells.put(field, words) : silent;
        if (!done) refused.push(`ลำดับที่ ${rows.indexOf(row) + 1} “${words.trim()}”`);
      });
    });
    const over = lines.length - met.length;
    said.textContent = [
      `วางแล้ว ${met.length} แถว`,
      over > 0 ? `เกินตาราง ${over} แถว จึงไม่ได้วาง` : "",
      refused.length ? `ไม่เข้าใจหรือไม่มีช่องให้วาง: ${refused.join(", ")}` : "",
    ].filter(Boolean).join(" · ");
    save(met.filter((row) => isTouched(row) && !held.has(row)));
  };

  cells.watch(form);
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("paste", paste);
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !row.contains(event.relatedTarget) && isTouched(row) && !held.has(row)) save([row]);
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.key !== "Enter" || event.isComposing) return;
    const isNote = Boolean(event.target.closest(".note-asked"));
    if (!event.ctrlKey && !isNote) return;
    event.preventDefault();
    const rest = form.querySelector("button[name=same]");
    if (event.ctrlKey && event.shiftKey && rest) {
      rest.click();
      return;
    }
    if (isNote) {
      save([row]);
      return;
    }
    save([row], true);
    cells.upDown(event.target, 1);
  });
  window.addEventListener("online", sendAgain);
  rows.forEach(cells.gate);
  sum();
})();
