// The panel beside the treemap: what a part weighs, why it is there, who refers to it and what would go with it.
import { make } from "./dom.js";
import { CHANGES_SHOWN, findChanges } from "./changes.js";
import { findRoots, nearestSymbol } from "./holders.js";
import { KEPT } from "./program.js";
import { count, exactBytes, percent, plural, signedBytes } from "./format.js";

const REFERRERS_SHOWN = 12;
const GOING_SHOWN = 8;
const PARTS_SHOWN = 10;

export class Detail {
    // choose(node): the person follows one of the panel's links; colourOf(node): the colour of a part.
    constructor(place, store, choose, colourOf) {
        Object.assign(this, { place, store, choose, colourOf, isScrolled: false });
        place.addEventListener("scroll", () => (this.isScrolled = place.scrollTop > 0), { passive: true });
    }

    show() {
        const { selected, scope, compared } = this.store.get();
        const node = selected ?? scope;
        this.place.replaceChildren(
            ...[
                this.title(node),
                stats(node, compared),
                node.level === "symbol" ? this.symbol(node) : this.group(node),
            ]
                .flat(Infinity)
                .filter(Boolean),
        );
        if (this.isScrolled) this.place.scrollTop = 0;
    }

    focus() {
        this.place.querySelector("h2").focus({ preventScroll: true });
    }

    title(node) {
        const above = {
            project: "Project",
            function: "Function",
            library: "Library",
            member: "Member",
            symbol: "Symbol",
        };
        const places = [];
        for (let step = node.parent; step && step.level !== "project"; step = step.parent)
            places.push(step.name);
        return make(
            "header",
            {},
            make(
                "p",
                { class: "kicker" },
                coloured(node)
                    ? make("i", { class: "swatch", style: { background: this.colourOf(node) } })
                    : null,
                above[node.level],
                places.length ? ` in ${places.join(" · ")}` : "",
            ),
            make("h2", { tabindex: "-1", class: node.level === "symbol" ? "mono" : null }, node.name),
        );
    }

    symbol(node) {
        const { program, index } = node;
        if (index < 0) return rest(program);
        const kept = program.kept(index);
        const referrers = [...program.referrers(index)];
        const going = program.dominated(index);
        return [
            kept > 0 ? make("p", { class: "hint" }, `${KEPT[kept]}.`) : null,
            this.chain(program, index, "Why it is here"),
            make("h3", {}, `Referred to by ${count(referrers.length)}`),
            referrers.length === 0 ? make("p", { class: "note" }, "No reference to it is seen.") : null,
            this.links(program, referrers.filter((atom) => atom > 0).slice(0, REFERRERS_SHOWN), (atom) =>
                program.memberName(program.atoms.member[atom]),
            ),
            more(referrers.length, REFERRERS_SHOWN),
            going.length > 0 ? make("h3", {}, "Would go with it") : null,
            this.links(program, going.slice(0, GOING_SHOWN), (atom) =>
                exactBytes(program.atoms.retained[atom]),
            ),
            more(going.length, GOING_SHOWN),
        ];
    }

    chain(program, atom, title) {
        const steps = program.chain(atom);
        let member = -1;
        const items = steps.map((step, i) => {
            const of = program.atoms.member[step];
            const taken = of !== member ? program.extraction(of) : null;
            member = of;
            const last = i === steps.length - 1 && step === this.store.get().selected?.index;
            const node = program.nodes[step];
            return make(
                "li",
                { "aria-current": last ? "true" : null, style: { "--dot": this.colourOf(node) } },
                make(
                    "button",
                    { type: "button", class: "link mono", onclick: () => this.choose(node) },
                    program.symbolName(step),
                ),
                make(
                    "span",
                    { class: "note" },
                    `${program.memberName(of)} · ${program.libraryName(program.libraryOf(step))}`,
                ),
                taken
                    ? make(
                          "span",
                          { class: "note taken" },
                          `taken out of its archive for ${taken.symbol}${taken.by ? `, by ${taken.by}` : ""}`,
                      )
                    : null,
            );
        });
        return [
            make("h3", {}, title),
            make(
                "p",
                { class: "note" },
                `${plural(steps.length, "step")} from the entry, by the shortest chain of references`,
            ),
            make("ol", { class: "chain" }, items),
        ];
    }

    roots(group) {
        group.roots ??= findRoots(group);
        if (group.roots.length === 0) return [];
        const link = (node) =>
            make(
                "li",
                {},
                make(
                    "button",
                    { type: "button", class: "link mono", onclick: () => this.choose(node) },
                    node.name,
                ),
                make(
                    "span",
                    { class: "note" },
                    exactBytes(node.retained),
                    group.level === "project" ? ` in ${node.program.name}` : "",
                ),
            );
        return [
            make("h3", {}, "What your code alone keeps in"),
            make("ul", { class: "links" }, group.roots.map(link)),
        ];
    }

    // What grew or shrank most within a part, and what is no more.
    changes(group, compared) {
        group.changes ??= findChanges(group);
        const { largest, all } = group.changes;
        const item = ({ node, name, bytes, of, gone }) =>
            make(
                "li",
                {},
                node
                    ? make(
                          "button",
                          { type: "button", class: "link mono", onclick: () => this.choose(node) },
                          name,
                      )
                    : make("span", { class: "mono" }, name),
                make(
                    "span",
                    { class: "note" },
                    `${signedBytes(bytes)} B`,
                    group.level === "project" ? ` in ${of.name}` : "",
                    gone ? ", gone" : "",
                ),
            );
        return [
            make("h3", {}, `Changes since ${compared.name}`),
            all === 0
                ? make(
                      "p",
                      { class: "note" },
                      compared.depth === "symbol" || group.delta === 0
                          ? "None."
                          : `${signedBytes(group.delta)} B; the snapshot does not tell of symbols.`,
                  )
                : null,
            make("ul", { class: "links" }, largest.map(item)),
            more(all, CHANGES_SHOWN),
        ];
    }

    links(program, atoms, note) {
        if (atoms.length === 0) return null;
        const link = (atom) =>
            make(
                "li",
                {},
                make(
                    "button",
                    { type: "button", class: "link mono", onclick: () => this.choose(program.nodes[atom]) },
                    program.symbolName(atom),
                ),
                make("span", { class: "note" }, note(atom)),
            );
        return make("ul", { class: "links" }, atoms.map(link));
    }

    // Of a group: its largest parts, and the chain to what is nearest to the entry, as demine why tells it.
    group(node) {
        const parts = node.children.filter((child) => child.value > 0);
        const most = parts[0]?.value ?? 1;
        const item = (child) =>
            make(
                "li",
                {
                    style: {
                        "--share": (child.value / most).toFixed(4),
                        "--dot": coloured(child) ? this.colourOf(child) : "var(--bar)",
                    },
                },
                make(
                    "button",
                    { type: "button", class: "link", onclick: () => this.choose(child) },
                    child.name,
                ),
                make("span", { class: "note" }, exactBytes(child.value)),
            );
        const { compared } = this.store.get();
        const nearest = node.level === "library" || node.level === "member" ? nearestSymbol(node) : 0;
        return [
            node.level === "member" && node.program.memberArchive(node.index)
                ? make("p", { class: "hint" }, archiveOf(node))
                : null,
            compared ? this.changes(node, compared) : null,
            make("h3", {}, "Largest parts"),
            make("ul", { class: "parts" }, parts.slice(0, PARTS_SHOWN).map(item)),
            more(parts.length, PARTS_SHOWN),
            node.level === "function" || node.level === "project" ? this.roots(node) : null,
            nearest > 0 ? this.chain(node.program, nearest, "Why it is here") : null,
        ];
    }
}

function coloured(node) {
    return node.level !== "project" && node.level !== "function";
}

function archiveOf(node) {
    const taken = node.program.extraction(node.index);
    const how = taken ? `, taken out of it for ${taken.symbol}${taken.by ? `, by ${taken.by}` : ""}` : "";
    return `A member of ${node.program.memberArchive(node.index)}${how}.`;
}

function more(all, shown) {
    return all > shown ? make("p", { class: "note" }, `and ${count(all - shown)} more`) : null;
}

function rest(program) {
    const row = (title, bytes) =>
        make("li", {}, make("span", {}, title), make("span", { class: "note" }, exactBytes(bytes)));
    return [
        make(
            "p",
            { class: "hint" },
            "No symbol's: what the linker made to hold the program together. With all symbols it adds up to the file, to the byte.",
        ),
        make(
            "ul",
            { class: "links" },
            row("ELF header and program headers", program.headerBytes),
            row("Tables for dynamic linking, offsets, frames", program.tableBytes),
            row("Padding between parts", program.paddingBytes),
        ),
    ];
}

function stats(node, compared) {
    const whole = node.program ? node.program.fileBytes : node.bytes;
    const box = (title, bytes, note) =>
        make(
            "div",
            {},
            make("dt", {}, title),
            make("dd", {}, exactBytes(bytes), make("span", { class: "note" }, note)),
        );
    const share =
        node.level === "project"
            ? plural(node.children.length, "function")
            : node.level === "function"
              ? plural(node.symbols, "symbol")
              : `${percent(node.bytes / whole)} of the file`;
    const holds = node.level === "library" || node.level === "member" || node.level === "symbol";
    return make(
        "dl",
        { class: "stats" },
        box("In the file", node.bytes, share),
        box("In the zip", node.zip, node.bytes > 0 ? `${percent(node.zip / node.bytes)} of its bytes` : ""),
        holds ? box("Retained", node.retained, "would go with it") : null,
        compared && node.delta !== 0
            ? make("div", {}, make("dt", {}, "Change"), make("dd", {}, `${signedBytes(node.delta)} B`))
            : null,
    );
}
