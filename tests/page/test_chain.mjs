// A click on a symbol shows the chain that demine why tells, in the treemap, in the table and from step to step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { askDemine, chainsOf, readPanel, shown, withPage } from "./page_open.mjs";

const POINTS_ACROSS = 11;
const POINTS_DOWN = 6;

function hasChain(panel, name) {
    const [, member, library] = panel.kicker.match(/^Symbol in (.*) · (.*) · /);
    const plain = member.endsWith(".o") ? `${member}:${panel.name}` : panel.name;
    const chains = chainsOf(askDemine("video", "why", name, plain));
    assert.ok(
        chains.some((chain) => JSON.stringify(chain) === JSON.stringify(panel.chain)),
        `${panel.name} in ${member} of ${library}: ${JSON.stringify(panel.chain)}`,
    );
}

for (const [place, name] of [
    [1, "catalog"],
    [3, "subtitles"],
    [4, "thumbnail"],
]) {
    test(`${name}: clicks in the treemap`, async () => {
        await withPage("video", {}, async (page) => {
            await page.click(`.choice-card >> nth=${place}`);
            await shown(page);
            const box = await page.locator("#treemap").boundingBox();
            const seen = new Set();
            for (let i = 0; i < POINTS_ACROSS * POINTS_DOWN; i++) {
                const x = Math.round(box.x + (((i % POINTS_ACROSS) + 0.5) * box.width) / POINTS_ACROSS);
                const y = Math.round(
                    box.y + ((Math.floor(i / POINTS_ACROSS) + 0.5) * box.height) / POINTS_DOWN,
                );
                await page.mouse.move(x, y);
                await shown(page);
                const tip = await page.evaluate(() => ({
                    name: document.querySelector(".tip strong")?.textContent,
                    path: document.querySelector(".tip p")?.textContent ?? "",
                }));
                const isSymbol = tip.path.split(" › ").length === 3;
                if (!isSymbol || tip.name.startsWith("[") || seen.has(tip.name)) continue;
                seen.add(tip.name);
                await page.mouse.click(x, y);
                await shown(page);
                const panel = await readPanel(page);
                assert.equal(panel.name, tip.name);
                hasChain(panel, name);
            }
            assert.ok(seen.size > 15, `only ${seen.size} symbols were met`);
        });
    });
}

test("a click on a member goes into it, and back by the path and by the browser", async () => {
    await withPage("video", {}, async (page) => {
        await page.click(".choice-card >> nth=1");
        await shown(page);
        const box = await page.locator("#treemap").boundingBox();
        await page.mouse.click(box.x + 20, box.y + 8);
        await shown(page);
        assert.equal((await readPanel(page)).name, "libc");
        assert.deepEqual(await page.$$eval("#crumbs li", (all) => all.map((one) => one.textContent)), [
            "All functions",
            "catalog",
            "libc",
        ]);
        await page.goBack();
        await shown(page);
        assert.equal((await readPanel(page)).name, "catalog");
        await page.click("#crumbs button >> nth=0");
        await shown(page);
        assert.equal((await readPanel(page)).name, "video-api");
    });
});

test("a row of the table, and a step of its chain", async () => {
    await withPage("video", {}, async (page) => {
        await page.click(".choice-card >> nth=1");
        await page.fill("#filter", "__isoc99_sscanf");
        await shown(page);
        await page.click("#table tbody button >> nth=0");
        await shown(page);
        const panel = await readPanel(page);
        assert.equal(panel.name, "__isoc99_sscanf");
        hasChain(panel, "catalog");
        const symbol = askDemine("video", "why", "catalog", "__isoc99_sscanf").targets[0];
        assert.deepEqual(panel.sizes, [symbol.bytes, symbol.deflated_bytes, symbol.retained_bytes]);
        await page.click(".chain button >> nth=1");
        await shown(page);
        const step = await readPanel(page);
        assert.deepEqual([step.name, step.chain], [panel.chain[1][0], panel.chain.slice(0, 2)]);
        assert.equal(
            await page.evaluate(() => document.activeElement.textContent),
            step.name,
            "the focus is where the new part is told",
        );
    });
});

test("the chain to a library is that of demine why", async () => {
    await withPage("video", {}, async (page) => {
        await page.click(".choice-card >> nth=3");
        await shown(page);
        await page.click(".parts button >> text=zlib");
        await shown(page);
        const panel = await readPanel(page);
        assert.equal(panel.name, "zlib");
        assert.deepEqual([panel.chain], chainsOf(askDemine("video", "why", "subtitles", "zlib")));
    });
});

test("a name that would end the script is a name", async () => {
    await withPage("large", {}, async (page) => {
        const name = "</script><script>document.title=1</script><!--";
        await page.fill("#filter", "<script>");
        await shown(page);
        await page.click("#table tbody button >> nth=0");
        await shown(page);
        const panel = await readPanel(page);
        assert.equal(panel.name, name);
        assert.deepEqual([panel.chain], chainsOf(askDemine("large", "why", "large", name)));
        assert.equal(await page.title(), "large – demine");
    });
});
