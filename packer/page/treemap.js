// The treemap: pointer, keys, and the two canvases, the map and the frames above it.
import { ancestorAt, pathOf } from "./tree.js";
import { announce, make } from "./dom.js";
import { count, exactBytes, percent } from "./format.js";
import { Picture } from "./picture.js";
import { layOut, neighbour, partAt } from "./treemap_layout.js";
import { paintFrame, paintTreemap } from "./treemap_paint.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOM = { duration: 220, easing: "cubic-bezier(.3,.1,.2,1)" };
const LABEL =
    "Treemap. Arrow keys go to the neighbours, Enter goes into a part or shows why a symbol is there, Escape goes back out. " +
    "The table of symbols below holds the same.";

export class Treemap {
    // colourOf(node): the colour of a part, in the colours chosen; isDim(node): whether it stands back.
    constructor(place, store, colourOf, isDim) {
        this.place = place;
        this.store = store;
        this.colourOf = colourOf;
        this.isDim = isDim;
        this.map = make("canvas", { "aria-hidden": "true" });
        this.frames = make("canvas", { "aria-hidden": "true" });
        this.tip = make("div", { class: "tip", hidden: true, "aria-hidden": "true" });
        place.append(this.map, this.frames, this.tip);
        place.tabIndex = 0;
        place.setAttribute("role", "application");
        place.setAttribute("aria-roledescription", "treemap");
        place.setAttribute("aria-label", LABEL);
        this.cursor = null;
        this.hovered = null;
        this.listen();
    }

    listen() {
        const { place } = this;
        place.addEventListener("pointermove", (event) => this.hover(event));
        place.addEventListener("pointerleave", () => this.hover(null));
        place.addEventListener("click", (event) => this.click(event));
        place.addEventListener("keydown", (event) => this.key(event));
        place.addEventListener("focus", () => {
            if (!place.matches(":focus-visible")) return;
            this.cursor = this.shown(this.cursor) ?? this.shown(this.store.get().selected) ?? this.first();
            this.paintFrames();
            this.tell(this.cursor);
        });
        place.addEventListener("blur", () => this.paintFrames());
        new ResizeObserver(() => this.resize()).observe(place);
    }

    resize() {
        const width = this.place.clientWidth;
        const height = this.place.clientHeight;
        if (width === this.width && height === this.height && devicePixelRatio === this.ratio) return;
        Object.assign(this, { width, height, ratio: devicePixelRatio });
        for (const canvas of [this.map, this.frames]) {
            canvas.width = Math.round(width * devicePixelRatio);
            canvas.height = Math.round(height * devicePixelRatio);
        }
        this.picture = new Picture(this.map.width, this.map.height, devicePixelRatio);
        this.update();
    }

    // Lays out and paints anew.
    update() {
        if (!this.width) return;
        this.layout = layOut(this.store.get().scope, this.width, this.height);
        this.cursor = this.shown(this.cursor);
        this.hovered = null;
        this.tip.hidden = true;
        this.paint();
    }

    paint() {
        if (!this.layout) return;
        const context = this.context(this.map);
        const style = { ...this.colours, shaded: this.store.get().colour === "origin" };
        paintTreemap(context, this.picture, this.layout, style, this);
        this.paintFrames();
    }

    context(canvas) {
        const context = canvas.getContext("2d");
        context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
        return context;
    }

    // To be called where the theme is another; to ask each time would have the whole page styled anew.
    readColours() {
        const style = getComputedStyle(this.place);
        const read = (name) => style.getPropertyValue(name).trim();
        this.colours = {
            surface: read("--surface"),
            frame: read("--frame"),
            ink: read("--ink"),
            accent: read("--accent"),
        };
    }

    paintFrames() {
        if (!this.layout) return;
        const context = this.context(this.frames);
        const { ink, accent, surface } = this.colours;
        context.clearRect(0, 0, this.width, this.height);
        const selected = this.shown(this.store.get().selected);
        if (this.hovered) paintFrame(context, this.hovered, ink, surface, 1);
        if (selected) paintFrame(context, selected, accent, surface, 2.5);
        if (this.cursor && this.place.matches(":focus-visible"))
            paintFrame(context, this.cursor, ink, surface, 3);
    }

    // The node itself, where it is in the layout; else null.
    shown(node) {
        return node && this.layout && node.generation === this.layout.generation ? node : null;
    }

    first() {
        return this.layout?.root.children[0] ?? null;
    }

    hover(event) {
        const box = this.place.getBoundingClientRect();
        const node =
            event && this.layout
                ? partAt(this.layout, event.clientX - box.left, event.clientY - box.top)
                : null;
        const part = node === this.store.get().scope ? null : node;
        if (part !== this.hovered) {
            this.hovered = part;
            this.paintFrames();
            if (part) this.tip.replaceChildren(...tipLines(part));
        }
        this.tip.hidden = !part || event.pointerType === "touch";
        if (!this.tip.hidden) this.moveTip(event.clientX - box.left, event.clientY - box.top);
    }

    moveTip(x, y) {
        const { offsetWidth: width, offsetHeight: height } = this.tip;
        const left = x + 16 + width > this.width ? Math.max(0, x - width - 12) : x + 16;
        const top = y + 18 + height > this.height ? Math.max(0, y - height - 12) : y + 18;
        this.tip.style.transform = `translate(${left}px, ${top}px)`;
    }

    click(event) {
        const box = this.place.getBoundingClientRect();
        const node = this.layout && partAt(this.layout, event.clientX - box.left, event.clientY - box.top);
        if (!node || node === this.store.get().scope) return;
        this.cursor = node;
        this.enter(node);
    }

    // A symbol is selected, everything else is gone into.
    enter(node) {
        if (node.level === "symbol") this.store.set({ selected: node });
        else this.zoom(node);
    }

    zoom(node) {
        const old = this.store.get().scope;
        if (!node || node === old) return;
        const inward = this.shown(node);
        const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const before = inward && !isStill ? this.copy() : null;
        const box = inward && { x0: node.x0, y0: node.y0, x1: node.x1, y1: node.y1 };
        this.store.set({ scope: node, selected: null });
        this.cursor = inward ? this.first() : (this.shown(old) ?? this.first());
        this.paintFrames();
        if (before) this.growFrom(before, box);
        else if (!isStill && this.shown(old)) this.shrinkTo(old);
        announce(`${describe(node)} ${count(node.children.length)} parts.`);
    }

    copy() {
        const canvas = make("canvas", { class: "ghost", "aria-hidden": "true" });
        canvas.width = this.map.width;
        canvas.height = this.map.height;
        canvas.getContext("2d").drawImage(this.map, 0, 0);
        return canvas;
    }

    // Into a part: a picture of the map as it was grows until the part's box is all of it, and fades.
    growFrom(picture, box) {
        this.place.insertBefore(picture, this.tip);
        const away = () => picture.remove();
        picture
            .animate(
                [
                    { transform: "none", opacity: 1 },
                    { transform: this.near(box), opacity: 0 },
                ],
                ZOOM,
            )
            .finished.then(away, away);
    }

    // Out of a part: the map itself shrinks to what it is, from where the part's box was all of it.
    shrinkTo(box) {
        this.map.animate([{ transform: this.near(box) }, { transform: "none" }], ZOOM);
    }

    near(box) {
        const scaleX = this.width / Math.max(8, box.x1 - box.x0);
        const scaleY = this.height / Math.max(8, box.y1 - box.y0);
        return `translate(${-box.x0 * scaleX}px, ${-box.y0 * scaleY}px) scale(${scaleX}, ${scaleY})`;
    }

    key(event) {
        if (event.altKey || event.ctrlKey || event.metaKey || !this.layout) return;
        const { scope } = this.store.get();
        this.cursor ??= this.first();
        const arrow = ARROWS[event.key];
        if (arrow) this.move(neighbour(this.layout, this.cursor, ...arrow));
        else if (event.key === "Home") this.move(this.first());
        else if (event.key === "End") this.move(this.layout.cells.at(-1).node);
        else if (event.key === "PageDown") this.move(this.shown(this.cursor.children[0]));
        else if (event.key === "PageUp") this.move(this.cursor.parent === scope ? null : this.cursor.parent);
        else if (event.key === "Enter" || event.key === " ") this.enter(this.cursor);
        else if (event.key === "Escape" || event.key === "Backspace") this.zoom(scope.parent);
        else return;
        event.preventDefault();
    }

    move(node) {
        if (!node) return;
        this.cursor = node;
        this.paintFrames();
        this.tell(node);
    }

    tell(node) {
        if (!node) return;
        const siblings = node.parent?.children.filter((child) => child.value > 0) ?? [node];
        announce(`${describe(node)} ${count(siblings.indexOf(node) + 1)} of ${count(siblings.length)}.`);
    }
}

function describe(node) {
    const top = ancestorAt(node, "function");
    const share = top && top !== node ? `, ${percent(node.bytes / top.bytes)} of ${top.name}` : "";
    return `${node.name}, ${node.level}, ${exactBytes(node.bytes)}${share}.`;
}

function tipLines(node) {
    const above = pathOf(node)
        .slice(1, -1)
        .map((step) => step.name)
        .join(" › ");
    const row = (title, value) => make("div", {}, make("span", {}, title), make("b", {}, value));
    return [
        make("strong", {}, node.name),
        above ? make("p", {}, above) : "",
        row("in the file", exactBytes(node.bytes)),
        row("in the zip", exactBytes(node.zip)),
        node.level === "symbol" || node.level === "member"
            ? row("would go with it", exactBytes(node.retained))
            : "",
    ];
}
