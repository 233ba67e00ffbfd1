// SPDX-License-Identifier: MIT
//
// hostile.mjs REPORT PLAIN SHOWN... - names that want to be markup stay text
//
// PLAIN is a report of the same case without them: the elements of the two are
// the same.  SHOWN are texts that some row must show.
import * as t from './page.mjs';

const [, , report, plain, ...wanted] = process.argv;

async function elements(page) {
	await page.selectOption('#per', '1000');
	for (const row of await page.locator('#list .row').all())
		await row.click();
	return page.evaluate(function () {
		const n = {};
		for (const e of document.querySelectorAll('*'))
			n[e.localName] = (n[e.localName] || 0) + 1;
		return JSON.stringify(n, Object.keys(n).sort());
	});
}

await t.start();
const other = await t.open(plain);
const { page, trouble, close } = await t.open(report);
t.is(await elements(page), await elements(other.page),
	'hostile names add no element');
const text = await page.textContent('body');
for (const s of wanted) {
	t.ok(text.includes(s), 'shown as text: ' + s);
	await page.fill('#word', s);
	t.ok(await t.fitting(page) > 0, 'and found: ' + s);
}
t.is(await page.evaluate(() => window.hit), undefined, 'nothing of it ran');
t.is(trouble.join('\n'), '', 'no dialog, no error, no request');
await other.close();
await close();
await t.stop();
