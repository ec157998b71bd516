// The page opens with no word on the console and no network, and all of the file's bytes are in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { askDemine, inFolder, readData, readPanel, shown, withPage } from "./page_open.mjs";

for (const name of ["video", "large"]) {
    test(`${name}: leaves add up to the file`, async () => {
        await withPage(name, {}, async (page) => {
            const data = await readData(page);
            const sizes = askDemine(name, "size").functions;
            assert.deepEqual(
                data.functions.map((one) => one.name),
                sizes.map((one) => one.name),
            );
            for (const [i, one] of data.functions.entries()) {
                const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
                const rest = one.header_bytes + one.table_bytes + one.padding_bytes;
                assert.equal(sum(one.atoms.bytes) + rest, sizes[i].bytes, one.name);
                const retained = sizes[i].libraries
                    .flatMap((library) => library.members)
                    .flatMap((member) => member.symbols)
                    .map((symbol) => symbol.retained_bytes);
                assert.equal(sum(one.atoms.retained.slice(1)), sum(retained), one.name);
            }
            assert.equal(await page.title(), `${data.project} – demine`);
        });
    });
}

test("what is shown of each function adds up too", async () => {
    await withPage("video", {}, async (page) => {
        const sizes = askDemine("video", "size").functions;
        for (const [i, one] of sizes.entries()) {
            await page.click(`.choice-card >> nth=${i + 1}`);
            await shown(page);
            const panel = await readPanel(page);
            assert.equal(panel.name, one.name);
            assert.deepEqual(panel.sizes.slice(0, 2), [one.bytes, one.deflated_bytes]);
            assert.match(
                await page.textContent("#count"),
                new RegExp(`, ${one.bytes.toLocaleString("en")} B$`),
            );
            const legend = (
                await page.$$eval("#legend .note", (notes) => notes.map((note) => note.textContent))
            ).map((text) => Number(text.replace(/ B.*/, "").replaceAll(",", "")));
            assert.equal(
                legend.reduce((a, b) => a + b, 0),
                one.bytes,
            );
        }
    });
});

test("the limits are those that demine pack prints", async () => {
    await withPage("video", {}, async (page) => {
        const shares = await page.$$eval(".bars .share", (all) =>
            all.map((one) => parseFloat(one.textContent.replace("< ", ""))),
        );
        assert.deepEqual(
            shares,
            [...shares].sort((a, b) => b - a),
            "the fullest first",
        );
        const titled = (title) => page.locator(".bars li", { hasText: title });
        assert.equal(await titled(/^zip, direct upload/).count(), 1);
        assert.equal(await titled(/^layer zip, direct uploadvideo-api-[0-9a-f]{16}/).count(), 1);
        assert.equal(await titled(/^code storageregion/).count(), 1);
        // A function's own limits and the region's, not those of a layer that it may not have.
        await page.click(".choice-card >> nth=1");
        await shown(page);
        assert.equal(await titled(/^zip, direct upload/).count(), 1);
        assert.equal(await titled(/^layer zip/).count(), 0);
        assert.equal(await titled(/^code storageregion/).count(), 1);
    });
});

test("a policy forbids what is not in the page", () => {
    const text = readFileSync(inFolder("video.html"), "utf8");
    assert.match(
        text,
        /Content-Security-Policy" content="default-src 'none'; img-src data:; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'"/,
    );
    assert.doesNotMatch(text, /(src|href)="?(https?:)?\/\//);
    assert.doesNotMatch(text, /\/(work|home|tmp|root)\//, "paths of the machine");
});
