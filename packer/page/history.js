// The sizes of the functions from snapshot to snapshot, as lines, and in figures below them.
import { ticks } from "d3-array";
import { line } from "d3-shape";
import { draw, make } from "./dom.js";
import { count, shortBytes, signedBytes } from "./format.js";

const HEIGHT = 230;
const EDGE = { top: 12, right: 150, bottom: 30, left: 68 };
const NARROW_PX = 560;
const LINES_SHOWN = 8;
const LABEL_PX = 15;
const NAME_PX = 64;

export class History {
    // colourOf(i): of the line of the function in place i.
    constructor(card, place, model, store, colourOf) {
        Object.assign(this, { card, place, model, store, colourOf });
        card.hidden = !model.history;
        if (model.history) new ResizeObserver(() => this.draw()).observe(place);
    }

    show() {
        if (!this.model.history) return;
        const { scope, area } = this.store.get();
        const names = [...this.model.history.map((point) => point.name), "now"];
        const all = this.model.programs.map((program, i) => ({
            name: program.name,
            colour: this.colourOf(i),
            values: [
                ...this.model.history.map((point) => point.functions[i]?.[area] ?? null),
                area === "bytes" ? program.fileBytes : program.deflatedBytes,
            ],
            program,
        }));
        const last = (series) => series.values.at(-1);
        this.names = names;
        this.series = all
            .filter((series) => !scope.program || series.program === scope.program)
            .sort((a, b) => last(b) - last(a))
            .slice(0, LINES_SHOWN);
        this.figures = figures(names, this.series);
        this.width = 0;
        this.draw();
    }

    draw() {
        const width = Math.round(this.place.clientWidth);
        if (!this.series || width === 0 || width === this.width) return;
        this.width = width;
        const names = width < NARROW_PX ? [legend(this.series)] : [];
        this.place.replaceChildren(chart(this.names, this.series, width), ...names, this.figures);
    }
}

function chart(names, series, width) {
    const right = width < NARROW_PX ? 16 : EDGE.right;
    const values = series.flatMap((one) => one.values).filter((value) => value !== null);
    const { low, high, marks } = scaleOf(values);
    const x = (i) => EDGE.left + (i * (width - EDGE.left - right)) / Math.max(1, names.length - 1);
    const y = (value) => EDGE.top + ((high - value) * (HEIGHT - EDGE.top - EDGE.bottom)) / (high - low || 1);
    const every = Math.ceil(names.length / Math.max(2, Math.floor((width - EDGE.left - right) / NAME_PX)));
    const path = line()
        .defined((value) => value !== null)
        .x((_, i) => x(i))
        .y(y);
    const label = `Sizes of ${series.map((one) => one.name).join(", ")} from ${names[0]} to now; the figures follow.`;
    return draw(
        "svg",
        { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": label },
        marks.map((mark) => [
            draw("line", { class: "grid", x1: EDGE.left, x2: width - right, y1: y(mark), y2: y(mark) }),
            draw("text", { x: EDGE.left - 10, y: y(mark) + 4, "text-anchor": "end" }, shortBytes(mark)),
        ]),
        names.map((name, i) =>
            i % every === 0 || i === names.length - 1
                ? draw(
                      "text",
                      {
                          x: x(i),
                          y: HEIGHT - 8,
                          "text-anchor": i === 0 ? "start" : i === names.length - 1 ? "end" : "middle",
                      },
                      shorten(name),
                  )
                : null,
        ),
        series.map((one) => [
            draw("path", { d: path(one.values), class: "series", style: { stroke: one.colour } }),
            one.values.map((value, i) =>
                value === null
                    ? null
                    : draw(
                          "circle",
                          { cx: x(i), cy: y(value), r: 3.5, style: { fill: one.colour } },
                          draw("title", {}, `${one.name}, ${names[i]}: ${count(value)} B`),
                      ),
            ),
        ]),
        right === EDGE.right ? labels(series, (value) => y(value), width - right + 12) : null,
    );
}

// From 0 where that leaves the lines apart, else around them.
function scaleOf(values) {
    const least = Math.min(...values);
    const most = Math.max(...values);
    const pad = Math.max((most - least) * 0.15, most * 0.01, 1);
    const from = least < most / 2 ? 0 : Math.max(0, least - pad);
    let unit = 1;
    while (most / unit >= 1024) unit *= 1024;
    const marks = ticks(from / unit, (most + pad) / unit, 4).map((mark) => mark * unit);
    return { low: Math.min(from, marks[0] ?? from), high: Math.max(most + pad, marks.at(-1) ?? most), marks };
}

// Where there is no room beside the lines.
function legend(series) {
    const item = (one) =>
        make("li", {}, make("i", { class: "swatch", style: { background: one.colour } }), one.name);
    return make("ul", { class: "legend" }, series.map(item));
}

// Names at the ends of the lines, moved apart where they would lie on each other.
function labels(series, y, x) {
    const ends = series.map((one) => ({ one, y: y(one.values.at(-1)) })).sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => {
        if (i > 0) end.y = Math.max(end.y, ends[i - 1].y + LABEL_PX);
    });
    const over = ends.length > 0 ? Math.max(0, ends.at(-1).y - (HEIGHT - EDGE.bottom)) : 0;
    return ends.map((end) => [
        draw("circle", { cx: x, cy: end.y - over, r: 4, style: { fill: end.one.colour } }),
        draw("text", { x: x + 9, y: end.y - over + 4, class: "label" }, shorten(end.one.name)),
    ]);
}

function shorten(name) {
    return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}

function figures(names, series) {
    const cell = (value, before) =>
        make(
            "td",
            {},
            value === null ? "–" : count(value),
            value !== null && before !== null && before !== undefined && value !== before
                ? make("small", {}, ` ${signedBytes(value - before)}`)
                : null,
        );
    return make(
        "details",
        {},
        make("summary", {}, "Figures"),
        make(
            "div",
            {
                class: "figures",
                tabindex: "0",
                role: "region",
                "aria-label": "Sizes in each snapshot, in bytes",
            },
            make(
                "table",
                {},
                make(
                    "thead",
                    {},
                    make(
                        "tr",
                        {},
                        make("th", { scope: "col" }, "Bytes"),
                        series.map((one) => make("th", { scope: "col" }, one.name)),
                    ),
                ),
                make(
                    "tbody",
                    {},
                    names.map((name, i) =>
                        make(
                            "tr",
                            {},
                            make("th", { scope: "row" }, name),
                            series.map((one) => cell(one.values[i], one.values[i - 1])),
                        ),
                    ),
                ),
            ),
        ),
    );
}
