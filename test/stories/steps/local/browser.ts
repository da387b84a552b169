import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";
import { within } from "../../../support/within.ts";
import type { Laptop } from "./laptop.ts";

/** Port of this machine at which the browser is told what to do. */
const CONTROL = 9333;

/** Somebody at the laptop takes part in a browser, from the advertisement to the thanks. @returns the words that were shown. */
export async function takePartInBrowser({ docker }: Laptop, image: string, address: string): Promise<string[]> {
    const chromium = ["--headless=new", `--remote-debugging-port=${CONTROL}`, "--no-sandbox", "about:blank"];
    const id = (await docker("run", "-d", "--network", "host", "--entrypoint", "chromium", image, ...chromium)).trim();
    try {
        await within(120, async () => (await fetch(`http://127.0.0.1:${CONTROL}/json/version`)).ok);
        const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${CONTROL}` });
        const page = await browser.newPage();
        page.setDefaultTimeout(30_000);
        const click = async (selector: string) => {
            await page.waitForSelector(selector);
            // A person looks at the page first: before its scripts are there a click does nothing.
            await page.waitForFunction(`document.readyState === "complete"`);
            await page.locator(selector).click();
        };
        await page.goto(address);
        await click("a.button[href^='/consent']");
        await click("a.button[href^='/instructions']");
        await click("#begin");
        await page.locator("#studied:enabled").wait();
        const words = await page.$$eval("#words li", (items) => items.map((item) => item.textContent ?? ""));
        await click("#studied");
        await page.locator("#answer").fill(words.join(" "));
        await click("#submit");
        await page.waitForSelector("#difficulty");
        await page.select("#difficulty", "2");
        await click("#submit-questionnaire");
        await page.waitForFunction(`document.querySelector("h1")?.textContent === "Thank you"`);
        assert.match(
            await page.$eval("main", (main) => main.textContent ?? ""),
            new RegExp(`Words you remembered\\s+${words.length}`),
        );
        await browser.disconnect();
        return words;
    } finally {
        await docker("rm", "-f", "-v", id);
    }
}
