// old_sizes.mjs SHARE LIBRARY…: reads "demine size --json" and writes a snapshot of the same programs as they might have
// been: what the libraries have is of SHARE of its size, inflate is not there yet, and a symbol is there that is no more.
import { readFileSync } from "node:fs";

const share = Number(process.argv[2]);
const smaller = process.argv.slice(3);
const lines = ["demine-sizes\t1\tsymbol"];
const shares = [];
const byName = ([a], [b]) => (a < b ? -1 : 1);

function place(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
}

for (const one of JSON.parse(readFileSync(0, "utf8")).functions) {
    const libraries = new Map();
    const add = (library, member, symbol, bytes, zip) => {
        const row = place(
            place(
                place(libraries, library, () => new Map()),
                member,
                () => new Map(),
            ),
            symbol,
            () => [0, 0, 0],
        );
        [bytes, zip, 1].forEach((number, i) => (row[i] += number));
    };
    let told = 0;
    for (const library of one.libraries) {
        for (const member of library.members) {
            for (const symbol of member.symbols) {
                told += symbol.deflated_bytes;
                if (symbol.bytes === 0 || symbol.name === "inflate") continue;
                const bytes = smaller.includes(library.name) ? Math.ceil(symbol.bytes * share) : symbol.bytes;
                add(library.name, member.name, symbol.name ?? `[${symbol.section}]`, bytes, symbol.deflated_bytes);
            }
        }
    }
    add(
        "linker",
        "linker",
        "[headers, tables, padding]",
        one.headers + one.tables + one.padding,
        one.deflated_bytes - told,
    );
    add("own", "old.c", "removed_since", 4000, 1000);
    const rows = (library) =>
        [...library].sort(byName).flatMap(([, member]) => [...member].sort(byName).map(([, row]) => row));
    const sum = (all, i) => all.reduce((total, row) => total + row[i], 0);
    const sorted = [...libraries].sort(byName);
    const whole = sorted.flatMap(([, library]) => rows(library));
    lines.push(`function\t${one.name}\t${sum(whole, 0)}\t${sum(whole, 1)}`);
    for (const [name, library] of sorted) {
        lines.push(`library\t${one.name}\t${name}\t${sum(rows(library), 0)}\t${sum(rows(library), 1)}`);
        for (const [member, symbols] of [...library].sort(byName)) {
            lines.push(`member\t${one.name}\t${name}\t${member}`);
            for (const [symbol, row] of [...symbols].sort(byName))
                lines.push(`\t${row[0]}\t${row[2]}\t${symbol}`);
        }
        shares.push(
            `zip\t${one.name}\t${name}\t${rows(library)
                .map((row) => row[1])
                .join(" ")}`,
        );
    }
}
process.stdout.write(`${[...lines, ...shares].join("\n")}\n`);
