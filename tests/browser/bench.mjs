// SPDX-License-Identifier: MIT
//
// bench.mjs REPORT WORD... - how long does a report take to open in Chromium,
// and to find each word?
import * as t from './page.mjs';

const [, , report, ...words] = process.argv;
let failed = false;

function say(what, ms, limit) {
	failed = failed || ms >= limit;
	console.log(what + ': ' + Math.round(ms) + ' ms of ' + limit +
		(ms < limit ? '  ok' : '  FAILED'));
}

// To the table as it is then, laid out.
function find(word) {
	const field = document.getElementById('word');
	field.value = word;
	const begun = performance.now();
	field.dispatchEvent(new Event('input'));
	document.getElementById('list').getBoundingClientRect();
	return [performance.now() - begun,
		document.getElementById('shown').textContent];
}

await t.start();
const { page, trouble, close } = await t.open(report);
say('opened, every row read', Number(await page.getAttribute('html',
	'data-ready')), 3000);
for (const word of words) {
	const [ms, shown] = await page.evaluate(find, word);
	say('"' + word + '" (' + shown + ')', ms, 200);
}
if (trouble.length) console.log(trouble.join('\n'));
await close();
await t.stop();
process.exit(failed || trouble.length ? 1 : 0);
