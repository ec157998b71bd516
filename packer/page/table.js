// The table of symbols. Only the rows in sight, and some around them, are elements.
import { announce, make } from "./dom.js";
import { count, signedBytes } from "./format.js";

const ROW_PX = 34; // as page.css has it
const AROUND = 8;
const KEPT_SHORT = ["referenced", "same section", "its section", "unknown"];

const text = (key, title, of, more = {}) => ({ key, title, of, ...more });
const number = (key, title, of, more = {}) => ({ key, title, of, number: true, ...more });

export const COLUMNS = [
    text("name", "Symbol", (node) => node.name),
    text("function", "Function", (node) => node.program.name, {
        wide: true,
        only: (state) => state.scope.level === "project",
    }),
    text("member", "Member", (node) => node.parent.name, { wide: true }),
    text("library", "Library", (node) => node.parent.parent.name, { wide: true }),
    number("bytes", "File", (node) => node.bytes, { bar: true, hint: "Bytes in the program" }),
    number("zip", "Zip", (node) => node.zip, { middle: true, hint: "Bytes of the zip that tell of it" }),
    number("retained", "Retained", (node) => node.retained, {
        bar: true,
        hint: "Bytes that would go if nothing referred to it",
    }),
    number("delta", "Change", (node) => node.delta, {
        show: signedBytes,
        middle: true,
        only: (state) => state.compared?.depth === "symbol",
    }),
    text("kept", "Kept", (node) => KEPT_SHORT[node.index < 0 ? 0 : node.program.kept(node.index)], {
        wide: true,
    }),
];
const COLUMN_OF = Object.fromEntries(COLUMNS.map((column) => [column.key, column]));

export class SymbolTable {
    constructor(place, store, leaves) {
        this.store = store;
        this.leaves = leaves;
        this.rows = []; // places among the leaves
        this.sort = { key: "bytes", down: true };
        this.active = 0;
        this.head = make("thead");
        this.body = make("tbody");
        this.table = make("table", { "aria-labelledby": "table-title" }, this.head, this.body);
        this.scroller = make("div", { class: "scroller" }, this.table);
        this.empty = make("p", { class: "empty", hidden: true }, "No symbol matches the filter.");
        place.append(this.scroller, this.empty);
        this.top = 0; // px; to read it from the element would have the whole page laid out
        this.height = 0;
        this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
        this.scroller.addEventListener("keydown", (event) => this.key(event));
        new ResizeObserver(() => this.resized()).observe(this.scroller);
        addEventListener("beforeprint", () => this.paint(true));
        addEventListener("afterprint", () => this.paint());
    }

    // Shows the symbols of a part, of which hits, where there are any, mark some.
    show(scope, hits) {
        this.columns = COLUMNS.filter((column) => !column.only || column.only(this.store.get()));
        if (!this.columns.some((column) => column.key === this.sort.key))
            this.sort = { key: "bytes", down: true };
        this.scope = scope;
        const { leaves } = this;
        const all = leaves.select(leaves.order(COLUMN_OF.bytes, true), scope);
        this.allCount = all.length;
        this.most = {};
        for (const column of this.columns.filter((one) => one.bar)) {
            const { values } = leaves.column(column);
            this.most[column.key] = all.reduce((most, place) => Math.max(most, values[place]), 1);
        }
        this.hits = hits;
        this.order();
    }

    order() {
        const { key, down } = this.sort;
        this.rows = this.leaves.select(this.leaves.order(COLUMN_OF[key], down), this.scope, this.hits);
        this.active = 0;
        if (this.top > 0) this.scroller.scrollTop = this.top = 0;
        this.paintHead();
        this.paint();
    }

    sortBy(column) {
        const same = this.sort.key === column.key;
        this.sort = { key: column.key, down: same ? !this.sort.down : Boolean(column.number) };
        this.order();
        this.head.querySelector(`[data-key="${column.key}"] button`).focus();
        announce(`Sorted by ${column.title}, ${this.sort.down ? "descending" : "ascending"}.`);
    }

    paintHead() {
        const heading = (column) => {
            const sorted = this.sort.key === column.key;
            const arrow = make(
                "span",
                { class: "arrow", "aria-hidden": "true" },
                sorted ? (this.sort.down ? "▼" : "▲") : "",
            );
            return make(
                "th",
                {
                    scope: "col",
                    class: classOf(column),
                    "data-key": column.key,
                    "aria-sort": sorted ? (this.sort.down ? "descending" : "ascending") : null,
                },
                make(
                    "button",
                    { type: "button", title: column.hint, onclick: () => this.sortBy(column) },
                    column.title,
                    arrow,
                ),
            );
        };
        this.head.replaceChildren(make("tr", {}, this.columns.map(heading)));
        this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    }

    scrolled() {
        this.top = this.scroller.scrollTop;
        this.paint();
    }

    resized() {
        const { clientHeight } = this.scroller;
        if (clientHeight === this.height) return;
        this.height = clientHeight;
        this.paint();
    }

    paint(printing = false) {
        if (!this.columns) return;
        const top = Math.max(0, Math.floor(this.top / ROW_PX) - AROUND);
        const seen = printing ? 60 : Math.ceil(this.height / ROW_PX) + 2 * AROUND;
        const first = printing ? 0 : Math.min(top, Math.max(0, this.rows.length - seen));
        const last = Math.min(this.rows.length, first + seen);
        const focused = this.body.contains(document.activeElement);
        const reachable =
            this.active >= first && this.active < last ? this.active : Math.min(first + AROUND, last - 1);
        const rows = [];
        for (let i = first; i < last; i++) rows.push(this.row(i, i === reachable));
        const space = (count) =>
            make(
                "tr",
                { "aria-hidden": "true", class: "space" },
                make("td", { style: { height: `${count * ROW_PX}px` } }),
            );
        this.body.replaceChildren(
            ...(first > 0 ? [space(first)] : []),
            ...rows,
            ...(last < this.rows.length && !printing ? [space(this.rows.length - last)] : []),
        );
        this.empty.hidden = this.rows.length > 0;
        if (focused) this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    }

    row(i, reachable) {
        const node = this.leaves.nodes[this.rows[i]];
        const chosen = node === this.store.get().selected;
        const button = make(
            "button",
            {
                type: "button",
                tabindex: reachable ? "0" : "-1",
                "aria-pressed": String(chosen),
                title: node.name,
            },
            node.name,
        );
        const cells = this.columns.map((column) => {
            if (column.key === "name") {
                const where = make(
                    "span",
                    { class: "where", "aria-hidden": "true" },
                    `${node.parent.name} · ${node.parent.parent.name}`,
                );
                return make("th", { scope: "row", class: "column-name" }, button, where);
            }
            const value = column.of(node);
            const bar = column.bar ? { "--share": (value / this.most[column.key]).toFixed(4) } : {};
            const shown = column.show ? column.show(value) : column.number ? count(value) : value;
            return make(
                "td",
                { class: classOf(column), style: bar, title: column.number ? null : value },
                shown,
            );
        });
        return make(
            "tr",
            { "aria-rowindex": i + 2, class: chosen ? "chosen" : null, onclick: () => this.choose(i) },
            cells,
        );
    }

    choose(i) {
        this.active = i;
        this.store.set({ selected: this.leaves.nodes[this.rows[i]] });
    }

    key(event) {
        const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW_PX) - 2);
        const steps = {
            ArrowDown: 1,
            ArrowUp: -1,
            PageDown: page,
            PageUp: -page,
            Home: -Infinity,
            End: Infinity,
        };
        const step = steps[event.key];
        if (step === undefined || !this.body.contains(event.target) || this.rows.length === 0) return;
        event.preventDefault();
        const at = event.target.closest("tr").getAttribute("aria-rowindex") - 2;
        this.active = Math.min(this.rows.length - 1, Math.max(0, at + step));
        const headPx = this.head.offsetHeight;
        const { scrollTop, clientHeight } = this.scroller;
        const y = this.active * ROW_PX;
        if (y < scrollTop) this.scroller.scrollTop = y;
        else if (y + ROW_PX + headPx > scrollTop + clientHeight)
            this.scroller.scrollTop = y + ROW_PX + headPx - clientHeight;
        this.scrolled();
        this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    }
}

function classOf(column) {
    return [
        column.number && "number",
        column.bar && "bar-cell",
        column.wide && "wide",
        column.middle && "middle",
        `column-${column.key}`,
    ]
        .filter(Boolean)
        .join(" ");
}
