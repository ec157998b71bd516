// bundle.mjs PACKAGES OUT.c: makes one document of the sources beside this file and the packages in
// PACKAGES/node_modules, and writes it as C, in two halves: the data of a report stand between them.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [packages, out] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(packages, "package.json"))("esbuild");

async function bundle(entry, options) {
    const result = await esbuild.build({
        absWorkingDir: here,
        bundle: true,
        charset: "utf8",
        entryPoints: [entry],
        legalComments: "none",
        logLevel: "warning",
        metafile: true,
        minify: true,
        nodePaths: [join(packages, "node_modules")],
        target: ["chrome100", "firefox100", "safari15.4"],
        write: false,
        ...options,
    });
    return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

// The licences of the packages whose code is in the bundle: each asks to be told with it.
function licences(inputs) {
    const names = inputs
        .map((path) => relative(join(packages, "node_modules"), resolve(here, path)))
        .filter((path) => !path.startsWith(".."))
        .map((path) =>
            path
                .split("/")
                .slice(0, path.startsWith("@") ? 2 : 1)
                .join("/"),
        );
    return [...new Set(names)].sort().map((name) => {
        const folder = join(packages, "node_modules", name);
        const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"]
            .map((base) => join(folder, base))
            .find(existsSync);
        if (!file) throw new Error(`${name} has no licence to tell`);
        return `${name} ${version}\n\n${readFileSync(file, "utf8").trim()}\n`.replaceAll("--", "- -");
    });
}

function sourceOf(text) {
    return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function array(name, text) {
    const bytes = [...Buffer.from(text, "utf8")];
    const lines = [];
    for (let i = 0; i < bytes.length; i += 32) lines.push(`    ${bytes.slice(i, i + 32).join(",")},`);
    return `static const unsigned char ${name}[] = {\n${lines.join("\n")}\n};\n`;
}

const script = await bundle("main.js", { format: "iife" });
const style = await bundle("page.css", {});
if (/<\/script|<!--/i.test(script.text) || /<\/style/i.test(style.text)) {
    throw new Error("the bundle holds what would end its element");
}
const parts = {
    policy: `default-src 'none'; img-src data:; script-src ${sourceOf(script.text)}; style-src ${sourceOf(style.text)}`,
    style: style.text,
    script: script.text,
    licences: licences(script.inputs).join("\n"),
};
const page = readFileSync(join(here, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (mark, name) =>
    name === "data" ? mark : parts[name],
);
const [before, after] = page.split("{{data}}");
writeFileSync(
    out,
    `/* Made by packer/page/bundle.mjs. */
#include "report/page_template.h"

${array("before", before)}
${array("after", after)}
const struct page_template page_template = {before, sizeof(before), after, sizeof(after)};
`,
);
