// The limits as bars, the fullest first.
import { make } from "./dom.js";
import { limitValue, percent } from "./format.js";

const NEAR = 0.8;

export class Limits {
    constructor(place, model, store) {
        Object.assign(this, { place, model, store });
    }

    show() {
        const { scope } = this.store.get();
        const place = scope.program ? this.model.programs.indexOf(scope.program) : null;
        const findings =
            place === null
                ? fullestOfEach(this.model.limits)
                : this.model.limits.filter(
                      (one) => one.function === place || (one.function < 0 && !one.layer),
                  );
        const rows = findings
            .filter((one) => !one.minimum || one.exceeded)
            .sort((a, b) => share(b) - share(a));
        this.place.replaceChildren(
            make(
                "ul",
                { class: "bars" },
                rows.map((one) => this.row(one, place === null)),
            ),
        );
    }

    row(finding, named) {
        const part = share(finding);
        const state = finding.exceeded ? "over" : part > NEAR ? "near" : "";
        const whose =
            finding.function < 0 ? (finding.layer ?? "region") : named ? this.model.programs[finding.function].name : "";
        const of = `${limitValue(finding.limit, finding.value)} of ${limitValue(finding.limit, finding.allowed)}`;
        return make(
            "li",
            { class: state },
            make("span", { class: "what" }, finding.title, whose ? make("small", {}, whose) : null),
            make("span", {
                class: "track",
                style: { "--share": Math.min(1, part).toFixed(4) },
                "aria-hidden": "true",
            }),
            make("span", { class: "share" }, percent(part)),
            make(
                "span",
                { class: "note" },
                of,
                finding.exceeded ? make("b", {}, " exceeded") : null,
                finding.via_s3 ? ", by way of S3" : null,
            ),
            finding.message ? make("p", { class: "message" }, finding.message) : null,
        );
    }
}

function share(finding) {
    if (finding.minimum) return finding.value ? finding.allowed / finding.value : Infinity;
    return finding.allowed ? finding.value / finding.allowed : finding.value ? Infinity : 0;
}

// Of all functions the one that is nearest to each limit.
function fullestOfEach(limits) {
    const found = new Map();
    for (const one of limits) {
        const other = found.get(one.limit);
        if (!other || share(one) > share(other)) found.set(one.limit, one);
    }
    return [...found.values()];
}
