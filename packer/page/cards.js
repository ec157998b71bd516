// A card for each function: what it weighs, and of what it is made, all to one scale.
import { make } from "./dom.js";
import { exactBytes, plural, shortBytes } from "./format.js";

export class Cards {
    constructor(place, store, root, choose, colourOf) {
        Object.assign(this, { place, store, root, choose, colourOf });
    }

    show() {
        const { scope } = this.store.get();
        const tops = this.root.children;
        const most = Math.max(...tops.map((top) => top.bytes), 1);
        const all = tops.length > 1 ? [this.all(scope)] : [];
        this.place.replaceChildren(...all, ...tops.map((top) => this.card(top, most, scope)));
    }

    all(scope) {
        const zip = this.root.children.reduce((sum, top) => sum + top.program.zipBytes, 0);
        return make(
            "button",
            {
                type: "button",
                class: "choice-card all",
                "aria-pressed": String(scope === this.root),
                onclick: () => this.choose(this.root),
            },
            make("span", { class: "name" }, "All functions"),
            make("span", { class: "size" }, shortBytes(zip), make("small", {}, "in zips")),
            make("span", { class: "note" }, plural(this.root.children.length, "function")),
        );
    }

    card(top, most, scope) {
        const chosen = scope.program === top.program;
        const parts = [...top.children].sort((a, b) => b.bytes - a.bytes);
        const bar = make(
            "span",
            { class: "stack", "aria-hidden": "true", style: { width: `${(100 * top.bytes) / most}%` } },
            parts.map((part) =>
                make("i", {
                    title: `${part.name}: ${exactBytes(part.bytes)}`,
                    style: { "flex-grow": part.bytes, background: this.colourOf(part) },
                }),
            ),
        );
        return make(
            "button",
            {
                type: "button",
                class: "choice-card",
                "aria-pressed": String(chosen),
                onclick: () => this.choose(top),
            },
            make("span", { class: "name" }, top.name),
            make("span", { class: "size" }, shortBytes(top.program.zipBytes), make("small", {}, "zip")),
            bar,
            make("span", { class: "note" }, `${shortBytes(top.bytes)} program, ${top.program.linkage}`),
        );
    }
}
