// Pictures of the page for people to look at, in the folder of the build; here only that there is something on them and
// that nothing sticks out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE, inFolder, shown, withPage } from "./page_open.mjs";

// How many colours the treemap has.
function colours(page) {
    return page.evaluate(() => {
        const canvas = document.querySelector("#treemap canvas");
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {
            willReadFrequently: true,
        });
        copy.drawImage(canvas, 0, 0);
        return new Set(new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer))
            .size;
    });
}

for (const [size, viewport] of [
    ["1440x900", WIDE],
    ["390x844", NARROW],
]) {
    for (const colorScheme of ["light", "dark"]) {
        test(`${size}, ${colorScheme}`, async () => {
            await withPage("history", { viewport, colorScheme }, async (page) => {
                const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
                const picture = (name, whole) =>
                    page.screenshot({
                        path: inFolder(`${name}-${size}-${colorScheme}.png`),
                        fullPage: whole,
                    });
                assert.ok(await fits());
                assert.ok((await colours(page)) > 20);
                await picture("open", false);
                await picture("whole", true);
                await page.click(".choice-card >> nth=1");
                await page.fill("#filter", "__isoc99_sscanf");
                await shown(page);
                await page.click("#table tbody button >> nth=0");
                await page.fill("#filter", "");
                await shown(page);
                await page.evaluate(() => scrollTo(0, 0));
                assert.ok(await fits());
                await picture("symbol", size === "390x844");
                await page.click('[data-choice="colour:change"]');
                await shown(page);
                assert.ok((await colours(page)) > 3);
                await picture("change", false);
            });
        });
    }
}

test("on paper", async () => {
    await withPage("video", {}, async (page) => {
        const paper = await page.pdf({ path: inFolder("print.pdf"), format: "A4" });
        assert.ok(paper.length > 20000);
    });
});
